package dev.panoptes.server.storage;

import java.util.List;
import java.util.stream.Stream;

/**
 * As whom the embedded PostgreSQL runs; it refuses to run as root. Every way gives it a session of its own, so that Ctrl-C
 * at the terminal reaches the server only, and has the kernel send it SIGINT (fast shutdown) when the server dies.
 */
sealed interface RunAs {
    List<String> OWN_SESSION = List.of("setsid");
    List<String> ENDS_WITH_PARENT = List.of("setpriv", "--pdeathsig=INT");

    /** As the user that runs the server, who is not root. What that may do to observe the host is not for the database. */
    record Same(int uid, int gid, String name) implements RunAs {}

    /** As this unprivileged user, who can reach the data directory. */
    record Other(int uid, int gid, String name) implements RunAs {}

    /**
     * As the user that runs the server without any capability, in a user namespace where it appears as the overflow user:
     * for root, whose data directory lies below one that only root may enter, and for a user without a name, as containers
     * have it, whom PostgreSQL refuses.
     *
     * @param name of the overflow user, as which PostgreSQL sees everybody
     */
    record Namespace(int uid, int gid, String name) implements RunAs {}

    /** The name that peer authentication sees for the server's own connections. */
    default String peer() {
        return switch (this) {
            case Same(int _, int _, String name) -> name;
            case Other _ -> System.getProperty("user.name", "root");
            case Namespace(int _, int _, String name) -> name;
        };
    }

    /** Who must own the database's files. */
    default int ownerId() {
        return switch (this) {
            case Same(int uid, int _, String _) -> uid;
            case Other(int uid, int _, String _) -> uid;
            case Namespace(int uid, int _, String _) -> uid;
        };
    }

    default int groupId() {
        return switch (this) {
            case Same(int _, int gid, String _) -> gid;
            case Other(int _, int gid, String _) -> gid;
            case Namespace(int _, int gid, String _) -> gid;
        };
    }

    /** The whole command line of a program that is run so. Each word before it replaces itself: one process in the end. */
    default List<String> command(List<String> program) {
        List<String> before = switch (this) {
            case Same _ ->
                List.of("setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs", "--pdeathsig=INT");
            case Other(int uid, int gid, String _) ->
                List.of(
                        "setpriv",
                        "--reuid=" + uid,
                        "--regid=" + gid,
                        "--clear-groups",
                        "--inh-caps=-all",
                        "--bounding-set=-all",
                        "--no-new-privs",
                        "--pdeathsig=INT");
            case Namespace _ ->
                Stream.concat(Stream.of("unshare", "-U"), ENDS_WITH_PARENT.stream())
                        .toList();
        };
        return Stream.of(OWN_SESSION, before, List.of("--"), program)
                .flatMap(List::stream)
                .toList();
    }
}
