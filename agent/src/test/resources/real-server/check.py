"""Sends exchanges straight to a real server and through the agent, and holds the two against each other.

The names of exchanges are UUIDs because this server answers 400 to any other X-Request-Id.

usage: check.py SERVER_PORT AGENT_PORT ADMIN_PORT
"""
import json
import sys
import time
import urllib.error
import urllib.request
import uuid

import openai

SERVER, AGENT, ADMIN = (int(port) for port in sys.argv[1:4])
QUESTIONS = [
    "Name three colours.", "What is a garden?", "Say something about bread.", "Écris une phrase sur la pluie.",
    "Write a short poem about a violin.", "How do I fold a paper boat?", "List two rivers 🌊.", "Why is the sky blue?",
]
TOKENS = 32
failed = []


def expect(what, holds, found):
    print(("  ok    " if holds else "  FAIL  ") + what + ("" if holds else f": found {found}"), flush=True)
    if not holds:
        failed.append(what)


def client(port):
    return openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0, timeout=120)


def ask(port, question, name=None, **more):
    headers = {"x-request-id": name} if name else {}
    messages = [{"role": "user", "content": question}]
    return client(port).chat.completions.create(
        model="smollm2", messages=messages, max_tokens=TOKENS, temperature=0, extra_headers=headers, **more)


def streamed(port, question, name=None):
    pieces = [chunk for chunk in ask(port, question, name, stream=True) if chunk.choices]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in pieces)
    return text, [chunk.choices[0].finish_reason for chunk in pieces][-1]


def admin(path):
    with urllib.request.urlopen(f"http://127.0.0.1:{ADMIN}{path}", timeout=10) as page:
        return page.read().decode()


def settled(name):
    for _ in range(600):
        try:
            return json.loads(admin(f"/api/exchanges/{name}"))
        except urllib.error.HTTPError:
            time.sleep(0.05)
    raise SystemExit(f"exchange {name}: wanted a verdict within 30 s, found none")


def meter(line):
    for found in admin("/metrics").splitlines():
        if found.startswith(line + " "):
            return float(found.split()[-1])
    return 0.0


def plain(answer):
    kept = answer.model_dump()
    for made_anew in ("id", "created"):
        kept.pop(made_anew)
    return kept


def both_forms():
    for question in QUESTIONS:
        as_whole, as_stream = uuid.uuid4().hex, uuid.uuid4().hex
        ask(SERVER, question)  # afterwards its prompt is cached: a cached prompt may be answered otherwise than a new one
        straight, through = ask(SERVER, question), ask(AGENT, question, as_whole)
        expect(f"{question} whole answer equal", plain(straight) == plain(through), plain(through))
        flow = streamed(AGENT, question, as_stream)
        expect("  its stream equal", flow == streamed(SERVER, question), flow)
        whole, stream = settled(as_whole), settled(as_stream)
        verdicts = [whole["verdict"], stream["verdict"]]
        expect("  both scored", "unscored" not in verdicts, verdicts + [whole["reason"], stream["reason"]])
        if "unscored" not in verdicts:
            gap = abs(whole["score"] - stream["score"])
            print(f"        score {whole['score']:.4f} whole, {stream['score']:.4f} stream,"
                  f" {whole['tokens_scored']} tokens read, server says {straight.usage.completion_tokens}")
            expect("  streamed score = whole score to 1e-4", gap <= 1e-4, gap)


def errors():
    statuses = []
    for port in (SERVER, AGENT):
        try:
            client(port).chat.completions.create(model="smollm2", messages="no list", max_tokens=1)
            statuses.append(200)
        except openai.APIStatusError as error:
            statuses.append(error.status_code)
    expect("a bad request gets the server's own error", statuses[0] == statuses[1] >= 400, statuses)


def leaving():
    name = uuid.uuid4().hex
    for chunk in ask(AGENT, "Tell me a long story about a train.", name, stream=True):
        if chunk.choices and chunk.choices[0].delta.content:
            break
    left = settled(name)
    expect("a client that leaves has a verdict", bool(left["verdict"]), left)
    names = [model.id for model in client(AGENT).models.list()]
    expect("other routes pass", names == [model.id for model in client(SERVER).models.list()], names)


both_forms()
errors()
leaving()
expect("streams were read as they passed", meter('plumbline_reader_answers_total{how="followed"}') >= len(QUESTIONS),
       meter('plumbline_reader_answers_total{how="followed"}'))
expect("none had to be read again", meter('plumbline_reader_answers_total{how="mismatched"}') == 0,
       meter('plumbline_reader_answers_total{how="mismatched"}'))
expect("nothing is left in flight", meter("plumbline_exchanges_in_flight") == 0, meter("plumbline_exchanges_in_flight"))
if failed:
    raise SystemExit(f"{len(failed)} checks failed: {failed}")
print("all checks hold")
