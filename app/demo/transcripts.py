"""What was said in a call: a few turns that fit its summary, or as many as are asked for."""

from app.demo.chance import Draw, pick
from app.demo.conversations import Conversation
from app.demo.scripts import SILENCE, fill, identifies
from app.demo.talk import TALKS, Talk

CALLER = "User"
# How each provider names the assistant.
ASSISTANT = {"vapi": "AI", "retell": "Agent"}
Turns = list[tuple[bool, str]]


def write_transcript(talk: Conversation, provider: str, chars: int | None, draw: Draw) -> str:
    """Give the turns, one a line, padded with small talk to about so many characters."""
    if talk.script is SILENCE:
        turns = [(True, pick(TALKS["english"].greetings, draw))]
    else:
        turns = turns_of(talk, chars, draw)
    names = (CALLER, ASSISTANT[provider])
    return "".join(f"{names[by_assistant]}: {words}\n" for by_assistant, words in turns)


def turns_of(talk: Conversation, chars: int | None, draw: Draw) -> Turns:
    script, values, usual = talk.script, talk.values, TALKS[talk.language or "english"]
    words = fill(script.words, script.spoken_groups, talk.bank, values, draw)
    answer = script.answer.format_map(values)
    if talk.kind == "voicemail":
        return [(True, f"{usual.voicemail} {words}")]
    you_are_welcome, thanks_for_calling = usual.goodbyes
    closing = [(False, pick(usual.thanks, draw)), (True, you_are_welcome)]
    reply = pick(usual.replies[script.outcome or ""], draw)
    if talk.kind == "outbound":
        opening = [
            (True, usual.outbound.format_map(values)),
            (False, pick(usual.speaking, draw)),
            (True, words),
            (False, answer),
            (True, reply),
        ]
    else:
        opening = [(True, pick(usual.greetings, draw)), (False, words)]
        if identifies(script):
            opening += [(True, pick(usual.identify, draw)), (False, usual.name.format_map(values))]
        opening.append((True, answer or reply))
    if script.category == "miscellaneous" and script.outcome == "settled" and not answer:
        # Nobody is there to be thanked.
        opening[-1:], closing = [], [(True, thanks_for_calling)]
    return opening + small_talk(usual, opening + closing, chars, draw) + closing


def small_talk(talk: Talk, turns: Turns, chars: int | None, draw: Draw) -> Turns:
    # Eight more characters a turn for the name of who speaks.
    missing = (chars or 0) - sum(len(words) + 8 for _, words in turns)
    padding: Turns = []
    while missing > 0:
        question, answer = pick(talk.small_talk, draw)
        padding += [(False, question), (True, answer)]
        missing -= len(question) + len(answer) + 16
    return padding
