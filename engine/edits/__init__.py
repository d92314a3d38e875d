"""Everything that a person can do to a graph. The one door: no other code makes a Change.

Each edit takes the graph, checks, and returns a `Change`; or raises `EditRefused` with a sentence and the ids to light
up. It mutates nothing. An edit that would change nothing returns an empty Change.
"""

from engine.edits.align import *  # noqa: F403
from engine.edits.arrange import *  # noqa: F403
from engine.edits.blocks import *  # noqa: F403
from engine.edits.copies import *  # noqa: F403
from engine.edits.data import *  # noqa: F403
from engine.edits.document import *  # noqa: F403
from engine.edits.edges import *  # noqa: F403
from engine.edits.exercise import *  # noqa: F403
from engine.edits.expand import *  # noqa: F403
from engine.edits.find import *  # noqa: F403
from engine.edits.folding import *  # noqa: F403
from engine.edits.groups import *  # noqa: F403
from engine.edits.join import *  # noqa: F403
from engine.edits.library import *  # noqa: F403
from engine.edits.nodes import *  # noqa: F403
from engine.edits.notes import *  # noqa: F403
from engine.edits.offers import *  # noqa: F403
from engine.edits.quick import *  # noqa: F403
from engine.edits.regions import *  # noqa: F403
from engine.edits.rewire import *  # noqa: F403
from engine.edits.room import *  # noqa: F403
from engine.edits.rows import *  # noqa: F403
from engine.edits.scalars import *  # noqa: F403
from engine.edits.sliders import *  # noqa: F403
from engine.edits.things import *  # noqa: F403
from engine.edits.through import *  # noqa: F403
