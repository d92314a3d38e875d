// Begins the page of one graph.
"use strict";

const page = new Page(document, JSON.parse(document.getElementById("facts").textContent), program);
