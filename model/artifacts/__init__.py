"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "047b49dd3ebefb5e38809603a4c10d75372283c6d6c53efb63d4e09fce238d3d"
