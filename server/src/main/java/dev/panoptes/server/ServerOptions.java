package dev.panoptes.server;

import java.time.InstantSource;
import java.time.ZoneId;

/**
 * What the program gives to its server.
 *
 * @param version of the program
 * @param zone in which {@code scan.schedule} is meant
 */
public record ServerOptions(String version, InstantSource clock, ZoneId zone) {}
