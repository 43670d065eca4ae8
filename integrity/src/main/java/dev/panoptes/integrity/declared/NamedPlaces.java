package dev.panoptes.integrity.declared;

import java.util.List;

/**
 * Whatever names a port of something of the fleet, found by a search of the texts that knows none of their formats.
 *
 * @param places each host and port once for every file
 * @param complete false where there were more texts or places than are searched
 */
public record NamedPlaces(List<Place> places, boolean complete) {
    static final NamedPlaces NONE = new NamedPlaces(List.of(), true);

    public NamedPlaces {
        places = List.copyOf(places);
    }

    /** What the file that names it is, which says whose loopback is meant. */
    public enum Kind {
        COMPOSE,
        /** Something of the host: a unit, or what starts processes there. */
        HOST,
        IMAGE,
        SETTING,
        /** A program of the tree. */
        SOURCE
    }

    /**
     * @param file rootPath
     * @param host in lower case; {@code localhost} for every name of the loopback
     * @param variable of the environment, or key, that it is the value of; empty where there is none
     * @param inContainer true where the file may lie in a container, whose loopback is its own
     */
    public record Place(String file, int line, String host, int port, Kind kind, String variable, boolean inContainer) {
        public boolean isLocal() {
            return host.equals(LOCAL);
        }
    }

    /** The variable of a port that stands by itself, whose name says whose it is: inside or on the host. */
    public static final String PORT = "PORT";

    /** The variable of a port that is said to be inside of a container. */
    public static final String INSIDE = "inside";

    /** How all names of the loopback are written here. */
    public static final String LOCAL = "localhost";
}
