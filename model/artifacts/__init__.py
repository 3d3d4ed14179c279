"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "999001662ee1f47b5f76b9c376263fd295056f2cd3a1d5a1ac098ae2b44fa973"
