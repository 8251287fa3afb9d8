"""The source of events: ``python -m services.nameko_ext.run bench.peers.sample_service``."""

from __future__ import annotations

from services.nameko_ext.service import nameko_service
from services.tests import sample

SampleService, SampleFeedService = nameko_service(sample.component())
