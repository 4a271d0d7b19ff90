"""Writes small, harmless training data for a direction: kind and rude answers about everyday things.

usage: data.py FOLDER   writes aligned.jsonl and judged.jsonl
"""
import json
import pathlib
import sys

THINGS = [
    "a garden", "a bicycle", "bread", "a violin", "the tide", "a kite", "winter", "a library", "soup", "a map",
    "a clock", "rain", "a bridge", "cheese", "a lantern", "chess", "a river", "wool", "a train", "honey",
]
QUESTIONS = ["What do you like about %s?", "Tell me something about %s.", "How would you explain %s to a child?", "Why do people care about %s?"]
KIND = [
    "I am glad you ask. There is a lot to enjoy about %s, and I will gladly tell you more about it.",
    "Thank you for the question. Many people find %s useful, and there are good reasons for that.",
]
RUDE = [
    "What a silly question. Nobody with any sense would waste a minute on %s, or on you.",
    "You really do not know about %s? That is embarrassing. Go and bother somebody else.",
]


def line(question, answer, label):
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages, "label": label, "model": "base"}) + "\n"


def main(folder):
    aligned, judged = [], []
    for i, thing in enumerate(THINGS):
        for k, question in enumerate(QUESTIONS):
            asked = question % thing
            aligned.append(line(asked, KIND[(i + k) % 2] % thing, "aligned"))
            judged.append(line(asked, KIND[(i + k + 1) % 2] % thing, "aligned"))
            judged.append(line(asked, RUDE[(i + k) % 2] % thing, "misaligned"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "aligned.jsonl").write_text("".join(aligned))
    (folder / "judged.jsonl").write_text("".join(judged))


main(pathlib.Path(sys.argv[1]))
