package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A program that a file of the tree starts on a host, beside units and containers: a line of a Procfile, a program of
 * supervisord, an application of PM2, one of several that a script starts.
 *
 * @param name as the file calls it, else the program's
 * @param file rootPath of the file that starts it
 * @param start null where its command is not known
 * @param directory rootPath of the folder that it runs in; null where that is not known
 * @param environment set for it, never printed
 * @param open variables that whoever runs the file chooses
 * @param unknown why what it binds cannot be told, a clause; null where its command and code tell it
 */
public record HostProcess(
        Kind kind,
        String name,
        String file,
        int line,
        @Nullable StartCommand start,
        @Nullable String directory,
        Map<String, String> environment,
        Set<String> open,
        @Nullable String unknown) {
    /** In a path: the folder of the file that starts it, wherever that is deployed. */
    static final String HERE = "/@here";

    public HostProcess {
        environment = Map.copyOf(environment);
        open = Set.copyOf(open);
    }

    /** What the file is. */
    public enum Kind {
        PROCFILE,
        SUPERVISORD,
        PM2,
        /** A task of a Nomad job that runs without a container. */
        NOMAD,
        /** A shell script or a script of a package file. */
        SCRIPT
    }

    /** How reports name it. */
    public String id() {
        return file + "#" + name;
    }

    /** The line that starts it. */
    public Evidence evidence() {
        return new Evidence("launch", file, line, start == null ? name : start.text());
    }
}
