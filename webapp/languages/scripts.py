"""The sentences that scripts say: a page in another language hands them over, by the sentence in English."""

from collections.abc import Mapping

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from webapp.languages.choice import SOURCE, code
from webapp.languages.texts import gettext
from webapp.languages.words import N_

_FIGURES = (N_("just now"),)
_REQUESTS = (N_("The site cannot be reached."),)
SAID: Mapping[str, tuple[str, ...]] = {
    "api": (
        N_("Body for %(request)s"),
        N_("Content type"),
        N_("Responses of %(request)s"),
        N_("Your key"),
        N_("Close"),
        N_("needs a key"),
    ),
    "copy": (N_("Copy"), N_("Copied"), N_("Press Ctrl+C"), N_("Share…")),
    "feedback": (
        *_REQUESTS,
        N_("Your answer was not sent."),
        N_("Undo"),
        N_("Next: %(name)s"),
        N_("Your answers"),
        N_("The story of this answer"),
    ),
    "files": (
        N_("A file may have up to %(most)s MB."),
        N_("Drop a CSV, TSV or XLSX file here, or choose one"),
        N_("Sending …"),
        N_("Looking at it …"),
        N_("The connection broke. Try again."),
        N_("That did not work. Try again."),
        N_("Reading …"),
        N_("Stopping …"),
        N_("%(n)s rows a second"),
        N_("Done: %(n)s rows."),
        N_("The file is where your browser saves downloads."),
        N_("Stopped before its end. What was saved of it is not whole."),
        N_("about %(time)s left"),
        N_("%(n)s rows"),
    ),
    "guessing": (N_("The site cannot be reached. Check your connection and type on."),),
    "learn": (N_("Play it"), N_("Stop"), N_("%(n)s placed. “Build the matrix” checks them.")),
    "live": _FIGURES,
    "offline": (
        *_REQUESTS,
        N_("Women and men alike"),
        N_("more than 99 in 100"),
        N_("about %(n)s in 100"),
        N_("Mostly women: %(share)s"),
        N_("Mostly men: %(share)s"),
        N_("Without the site, names in Latin letters can be read here."),
        N_(
            "Without the site, Latin, Chinese, Japanese, Korean, Hebrew, Arabic and Thai letters can be read "
            "here."
        ),
        N_("The share of women, guessed after each letter"),
        N_("Guessed on this device by %(version)s."),
        N_("Its network is not kept on this device."),
        N_("Nothing is kept on this device yet."),
        N_("%(version)s is kept on this device and guesses here."),
        N_("This browser keeps nothing here: it does so over HTTPS, outside private windows."),
        N_("The network is on its way …"),
        N_("The network could not be kept. Try again when the site can be reached."),
    ),
    "retraining": (*_REQUESTS, N_("How long it takes is not known.")),
    "review": (
        *_REQUESTS,
        N_("Accepted: %(answer)s"),
        N_("Rejected"),
        N_("Nothing was decided."),
        N_("%(n)s chosen. Accepting takes %(accepted)s."),
        N_("%(n)s chosen. Accepting takes %(accepted)s; contested, to be decided one by one: %(contested)s."),
    ),
}
"""By the script of `static/`, with what the modules it imports say."""


def script(name: str) -> dict[str, str]:
    """Return what a script says, in the language of the page; nothing in English."""
    return {} if code() == SOURCE else {sentence: gettext(sentence) for sentence in SAID.get(name, ())}


def script_words(*names: str) -> Markup:
    """Return the block of data that hands a page's scripts their sentences; nothing on a page in English."""
    words = {sentence: said for name in names for sentence, said in script(name).items()}
    if not words:
        return Markup()
    # As `tojson` writes it: no sign that could end the block.
    return Markup('<script type="application/json" id="words">{}</script>').format(htmlsafe_json_dumps(words))
