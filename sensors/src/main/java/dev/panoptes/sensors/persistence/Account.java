package dev.panoptes.sensors.persistence;

/** A user of the host. @param password the field of passwd(5): empty means that none is asked for */
record Account(String name, String password, long uid, String home, String shell) {}
