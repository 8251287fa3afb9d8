"""A help desk's log, replayed as real requests, agrees with arithmetic of its own over the file.

The real log: ``python -m tickets_service.tests.incidents FILE``.
"""

from __future__ import annotations

from pathlib import Path

from services.testing.app import memory_app
from tickets_service.tests.incidents import Figures, computed, main, read, replayed
from tickets_service.wiring import component

HOUR = 3600
LOG = """number,incident_state,sys_mod_count,opened_at,sys_updated_at,priority
A1,New,0,19-02-2016 17:00,19-02-2016 17:05,3 - Moderate
A1,Active,1,19-02-2016 17:00,19-02-2016 17:30,3 - Moderate
A1,Awaiting User Info,2,19-02-2016 17:00,19-02-2016 17:45,3 - Moderate
A1,Active,3,19-02-2016 17:00,22-02-2016 09:00,3 - Moderate
A1,Resolved,4,19-02-2016 17:00,22-02-2016 11:00,3 - Moderate
A1,Closed,5,19-02-2016 17:00,27-02-2016 11:00,3 - Moderate
B2,New,0,24-03-2016 16:00,24-03-2016 16:00,2 - High
B2,Resolved,1,24-03-2016 16:00,28-03-2016 09:00,2 - High
B2,Active,2,24-03-2016 16:00,29-03-2016 09:00,2 - High
B2,Awaiting Problem,3,24-03-2016 16:00,29-03-2016 10:00,2 - High
B2,Closed,4,24-03-2016 16:00,29-03-2016 12:00,2 - High
C3,New,0,04-05-2016 10:00,04-05-2016 09:00,4 - Low
"""
"""Over the last night of summer time, over Good Friday, and one that nobody touched and whose stamp precedes its opening."""
BY_HAND = {
    "A1": Figures(0, HOUR // 4 + HOUR, HOUR // 2, 4 * HOUR - HOUR // 4 - HOUR),
    "B2": Figures(1, 0, 3 * HOUR, 6 * HOUR),
    "C3": Figures(0, None, None, None),
}


def test_service_file_and_hand_agree(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(LOG, encoding="utf-8")
    incidents = read(file)
    assert {each.number: computed(each) for each in incidents} == BY_HAND
    with memory_app(component()) as app:
        assert replayed(incidents, app) == BY_HAND
    assert main(["incidents", str(file)]) == 0
