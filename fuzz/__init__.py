"""`make fuzz`: odd requests and odd room commands against the whole product, in process."""
