"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "cd1c4c5fdf40bc49dc9bacc46a2ddca296a638ea3edea67488c6ccaa6062bb7e"
