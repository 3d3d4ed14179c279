"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "0e0b956d0c2cf66d447ccaa1d5db7654b7634b42ab27e99b35ee71cafc67d066"
