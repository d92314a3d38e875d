"""`gradloom lesson export`: a lesson as a web page that is answered in a real Chromium, and as a PDF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from engine.passes.run import holding
from engine.teach.lessons.reading import load_lesson
from engine.teach.lessons.reckoning import Reckoning
from engine.teach.lessons.said import said
from engine.teach.lessons.shelf import find_shelved
from gui.__main__ import main
from gui.pictures.paper import PaperBlock, on_pages
from tests.chromium import Chromium, needs_chromium
from tests.engine.html import Page

pytestmark = pytest.mark.usefixtures("qapp")  # or the command makes an application of its own
ENTER = """document.querySelector('#task-{at} input').value = {text};
  document.querySelector('#task-{at} form').requestSubmit()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    chromium = Chromium(tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()


@pytest.fixture
def opened(browser, tmp_path):
    def open_(name: str, wide: int = 1100, **media: str) -> Chromium:
        assert main(["lesson", "export", name, str(tmp_path / "lesson.html")]) == 0
        browser.open(tmp_path / "lesson.html", wide, 900, **media)
        return browser

    yield open_
    assert [url for url in browser.asked if not url.startswith("file://")] == [] and browser.said == []


def answer(browser: Chromium, at: int, text: str) -> str:
    browser.ask(ENTER.format(at=at, text=json.dumps(text)))
    return browser.text(f"#task-{at} .reply")


def test_it_is_one_small_file_that_asks_for_nothing(tmp_path):
    out = tmp_path / "neuron.html"
    assert main(["lesson", "export", "neuron", str(out)]) == 0
    text = out.read_text("utf-8")
    page = Page(text)
    assert len(text.encode()) < 300_000 and "default-src 'none'" in text
    assert not [attrs for _, attrs, _ in page.elements if {"src", "onclick", "style"} & attrs.keys()]
    links = [attrs["href"] for _, attrs, _ in page.elements if "href" in attrs]
    assert links == [f"#step-{at}" for at in range(7)]
    assert text.count('role="img" aria-label="s =') == 1 and "1 − 3 + 2.5 = 0.5" in re.sub("<[^>]+>", "", text)


@needs_chromium
def test_answers_are_told_what_is_wrong_with_them(opened):
    browser = opened("paths", prefers_reduced_motion="reduce")
    assert browser.ask("players.length") == 7 and browser.ask("players[2].position") == 12
    assert answer(browser, 0, "25") == "25 is not right. That is where f ends up. How far is that from 20?"
    assert answer(browser, 0, "3 + 2").startswith("Right. p moved by 3 and q moved by 2.")
    wrong = answer(browser, 2, "3")
    assert "Overwritten instead of added. The new contribution has replaced the old one" in wrong
    assert "Push x by 0.01: f rises by 0.05." in wrong and browser.text("#task-2 h3") == "Your turn"
    assert answer(browser, 2, "12.5").startswith("12.5 is not right. Push x by 0.01")
    assert answer(browser, 2, "what").startswith("Type a number")
    browser.ask("players[2].hold(players[2].facts.leaves.findIndex(({ id }) => id === 'a'), 0, 7)")
    wrong = answer(browser, 2, "7")
    assert "Overwritten instead of added. The new contribution has replaced the old one" in wrong
    assert "Push x by 0.01: f rises by 0.09. If 7 were the gradient, it would rise by about 0.07." in wrong
    browser.ask("players[2].reset()")
    assert answer(browser, 2, "2+3").startswith("Right. 2 + 3 = 5") and browser.text("#task-2 h3") == "Done"
    assert browser.ask("players[2].picture.svg.querySelectorAll('.lit').length") == 2


@needs_chromium
def test_a_number_is_changed_until_the_goal_is_reached_and_choices_are_answered(opened):
    browser = opened("slope", prefers_color_scheme="dark")
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    field = "{{ const field = players[{at}].find('leaf-0-0'); field.value = '{to}'; "
    change = f"{field}field.dispatchEvent(new Event('input')) }}}}"
    browser.ask(change.format(at=0, to="4"))
    assert browser.text("#task-0 .reply") == "y is 16. A little further."
    browser.ask(change.format(at=0, to="5"))
    assert browser.text("#task-0 .reply").startswith("Done.") and browser.ask("players[0].values[1].data[0]") == 25
    assert browser.ask("players[1].values[1].data[0]") == 9
    browser.click("#task-5 .option button")
    assert browser.text("#task-5 .reply") == "No. Take x from −2 to −3, and y goes from 4 to 9. It grows."
    browser.click("#theme")
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(244, 245, 247)"


@needs_chromium
def test_the_numbers_in_the_text_and_the_answers_follow_what_is_changed(opened):
    browser, lesson = opened("slope", prefers_reduced_motion="reduce"), load_lesson(find_shelved("slope").path).lesson
    first = browser.ask("document.querySelector('#step-1 p').innerText")
    for at, step in enumerate(lesson.steps):
        browser.ask(f"players[{at}].hold(0, 0, -1.5)")
        now = Reckoning(holding(step.graph, {"x": -1.5}))
        shown = browser.ask(
            f"[...document.querySelectorAll('#step-{at} > p:not(.now):not(.note)')].map((p) => p.textContent)"
        )
        assert shown == [said(passage, now) for passage in step.body if passage.kind == "paragraph"]
    shown = browser.ask("document.querySelector('#step-4 .now').innerText")
    assert shown == "With your numbers: ∂y/∂x = 2x = 2 · −1.5 = −3"
    assert browser.ask("document.querySelectorAll('#step-1 .moved').length") > 3
    rate = Reckoning(holding(lesson.steps[1].graph, {"x": -1.5})).number("(y(x=x+1) - y) / 1")
    assert answer(browser, 1, "7").startswith("7 is not right.") and float(rate) == -2.0
    assert answer(browser, 1, "-2").startswith("Right.")
    browser.ask("players[1].reset()")
    assert browser.ask("document.querySelectorAll('#step-1 .moved').length") == 0 and answer(
        browser, 1, "7"
    ).startswith("Right.")
    assert browser.ask("document.querySelector('#step-1 p').innerText") == first


@needs_chromium
def test_what_a_page_judges_and_what_it_leaves_to_the_program(opened):
    browser = opened("neuron", prefers_reduced_motion="reduce")
    change = "players[6].hold(players[6].facts.leaves.findIndex(({{ id }}) => id === '{}'), 0, {})"
    for leaf, number, says in (
        ("x1", 1, "Only w1 and w2 and b may change here; x1 held 2."), ("x1", 2, ""), ("b", 1, "That was uphill"),
        ("b", 7, "Done. o is 0.9999 now."),
    ):  # fmt: skip
        browser.ask(change.format(leaf, number))
        assert says in browser.text("#task-6 .reply") and (says or not browser.text("#task-6 .reply"))
    browser = opened("chain", prefers_reduced_motion="reduce")
    assert browser.text("#task-2 .reply") == ""
    browser.ask("players[2].seek(players[2].end)")
    assert browser.text("#task-2 .reply").startswith("Done.")
    browser = opened("paths", prefers_reduced_motion="reduce")
    assert "do this in Gradloom" in browser.text("#task-6 .note")
    browser = opened("matrices", prefers_reduced_motion="reduce")
    browser.ask("players[0].hold(0, 0, 9)")
    assert "asked of the first ones" in answer(browser, 0, "(3,)")


@needs_chromium
def test_a_shape_is_answered_and_it_fits_a_phone(opened):
    browser = opened("matrices", wide=400)
    assert browser.ask("document.documentElement.scrollWidth") <= 400
    assert "not right" in answer(browser, 0, "(2, 3)") and answer(browser, 0, "(3,)").startswith("Right.")


@needs_chromium
def test_a_wide_graph_goes_past_the_text_and_on_a_phone_what_happens_is_in_sight(opened):
    parts = "players.map(({ picture: { home } }) => home.scrollWidth > home.clientWidth)"
    browser = opened("neuron", prefers_reduced_motion="reduce")
    assert browser.ask(parts) == [False] * 7 and browser.ask("document.documentElement.scrollWidth") <= 1100
    assert browser.ask("players[3].picture.home.clientWidth > document.querySelector('section p').clientWidth")
    seen = """(() => { const { picture, facts, seat } = players[3], box = picture.home.getBoundingClientRect();
      const card = picture.svg.querySelector(`[data-id="${facts.steps[seat].card}"]`).getBoundingClientRect();
      return card.left >= box.left && card.right <= box.right; })()"""
    browser = opened("neuron", 360, prefers_reduced_motion="reduce")
    assert browser.ask(parts) == [True] * 7 and browser.ask("document.documentElement.scrollWidth") <= 360
    for position in (1, 8, 13, 26):
        browser.ask(f"players[3].seek({position})")
        assert browser.ask(seen), position
    browser = opened("descent", 360)
    assert not browser.ask("players[0].picture.home.scrollWidth > players[0].picture.home.clientWidth")
    assert browser.ask("players[0].picture.overview.svg.hasAttribute('hidden')")
    assert browser.ask("getComputedStyle(players[0].picture.overview.svg).display") == "none"


def test_what_keeps_with_the_next_goes_to_its_page_as_far_as_a_page_holds_it():
    def highs(*blocks: tuple[float, bool]) -> list[list[float]]:
        pages = on_pages([PaperBlock(high, lambda painter, top: None, keeps) for high, keeps in blocks])
        return [[block.high for block in page] for page in pages]

    head, lead, graph, task = (50.0, True), (100.0, True), (400.0, True), (200.0, False)
    assert highs((500.0, False), head, lead, graph, task) == [[500.0], [50.0, 100.0, 400.0, 200.0]]
    assert highs((200.0, False), head, lead, graph, task) == [[200.0, 50.0, 100.0, 400.0, 200.0]]
    assert highs(head, (990.0, True), graph, task) == [[50.0], [990.0], [400.0, 200.0]]


def test_a_pdf_has_its_pages(tmp_path, capsys):
    out = tmp_path / "softmax.pdf"
    assert main(["lesson", "export", "softmax", str(out)]) == 0
    data = out.read_bytes()
    assert data.startswith(b"%PDF") and 3 <= data.count(b"/Type /Page\n") <= 8


@pytest.mark.parametrize(("name", "out", "says"), [
    ("softmax", "a.docx", "a .html or a .pdf file"), ("bad.md", "a.html", "line 1: a lesson begins"),
    ("bad.md", "a.pdf", "line 1: a lesson begins"), ("none.md", "a.pdf", "none.md"),
])  # fmt: skip
def test_what_cannot_be_written_is_refused_in_one_line(tmp_path, monkeypatch, capsys, name, out, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.md").write_text("nothing", "utf-8")
    assert main(["lesson", "export", name, out]) == 2
    told = capsys.readouterr().err
    assert len(told.strip().splitlines()) == 1 and says in told and not (tmp_path / out).exists()


def test_the_open_lesson_is_exported_from_its_menu(window, tmp_path):
    pdf, page = (window.action_set.by_id[f"export_lesson_{kind}"] for kind in ("pdf", "page"))
    window.action_set.refresh()
    assert not pdf.isEnabled()
    assert window.doors.show_lesson(find_shelved("descent").path)
    window.action_set.refresh()
    for action, name in ((pdf, "descent.pdf"), (page, "descent.html")):
        window.files.ask.save_path = tmp_path / name
        action.trigger()
        assert window.files.ask.suggested.name == name and (tmp_path / name).stat().st_size > 10_000
    window.bridge.lesson.leave()
