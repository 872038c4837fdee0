"""The stories of the demonstration: each one a generator of scenes, told through the verbs alone."""

from __future__ import annotations

from cxreview.demo.stories import callbacks, calls, email, founding, letters, reopened, short, steward, uploads

# The order counts only for scenes of the very same moment.
STORIES = (
    founding.story,
    uploads.contacts,
    uploads.jobs_done,
    uploads.calibrations,
    uploads.ease,
    uploads.first_visits,
    uploads.mistakes,
    steward.story,
    callbacks.story,
    short.website,
    calls.story,
    reopened.story,
    email.story,
    letters.story,
    short.chat,
    short.tariffs,
    short.saturdays,
)
