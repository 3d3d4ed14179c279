"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "e5e7387f9ebd800e2a57f2abd0db8b5c895d20e39d40fd2b95bb8c9f5b1a8ede"
