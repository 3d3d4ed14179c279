"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "18ba8e6eeb31ea0e7f237412074c8acdcf761f319edfcb784155be7412898dcd"
