"""What was said in a call: a few turns that fit its summary, or as many as are asked for."""

from typing import NamedTuple

from app.demo.chance import Draw, pick
from app.demo.scripts import Script, fill
from app.demo.slots import Bank, Slots
from app.demo.talk import TALKS, Talk

CALLER = "User"
# How each provider names the assistant.
ASSISTANT = {"vapi": "AI", "retell": "Agent"}
Turns = list[tuple[bool, str]]


class Spoken(NamedTuple):
    """A conversation that has a summary: its script and what filled the blanks there."""

    script: Script
    language: str
    bank: Bank
    values: Slots


def write_transcript(
    kind: str, provider: str, spoken: Spoken | None, chars: int | None, draw: Draw
) -> str:
    """Give the turns, one a line, padded with small talk to about so many characters."""
    if spoken is None:
        turns = [(True, pick(TALKS["english"].greetings, draw))]
    else:
        turns = turns_of(kind, spoken, chars, draw)
    names = (CALLER, ASSISTANT[provider])
    return "".join(f"{names[by_assistant]}: {words}\n" for by_assistant, words in turns)


def turns_of(kind: str, spoken: Spoken, chars: int | None, draw: Draw) -> Turns:
    script, talk = spoken.script, TALKS[spoken.language]
    fill("", script.spoken_groups, spoken.bank, spoken.values, draw)
    words = script.words.format_map(spoken.values)
    answer = script.answer.format_map(spoken.values)
    if kind == "voicemail":
        return [(True, f"{talk.voicemail} {words}")]
    reply = pick(talk.replies[script.outcome], draw)
    if kind == "outbound":
        opening = [
            (True, talk.outbound.format_map(spoken.values)),
            (False, pick(talk.speaking, draw)),
            (True, words),
            (False, answer),
            (True, reply),
        ]
    else:
        opening = [(True, pick(talk.greetings, draw)), (False, words)]
        opening += identity(script, talk, spoken.values, draw)
        opening.append((True, answer or reply))
    closing = [(False, pick(talk.thanks, draw)), (True, pick(talk.goodbyes, draw))]
    return opening + small_talk(talk, opening + closing, chars, draw) + closing


def identity(script: Script, talk: Talk, values: Slots, draw: Draw) -> Turns:
    if script.by_office or script.category == "miscellaneous":
        return []
    return [(True, pick(talk.identify, draw)), (False, talk.name.format_map(values))]


def small_talk(talk: Talk, turns: Turns, chars: int | None, draw: Draw) -> Turns:
    # Eight more characters a turn for the name of who speaks.
    missing = (chars or 0) - sum(len(words) + 8 for _, words in turns)
    padding: Turns = []
    while missing > 0:
        question, answer = pick(talk.small_talk, draw)
        padding += [(False, question), (True, answer)]
        missing -= len(question) + len(answer) + 16
    return padding
