"""A farm of 518 small web sites on loopback: good, slow, dead, odd and hostile ones."""
