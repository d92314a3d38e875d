"""The windows that ask or tell something: each a question with plain buttons, made when it is needed."""
