package dev.panoptes.code;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the code of a fleet says. */
public interface Code {
    /** One per child of the agents path that holds code, and per directory elsewhere that the registry names. Sorted. */
    List<CodeDirectory> directories();

    /**
     * The names of all child directories of the agents path that may be an agent's, also of those without code (a workflow, a
     * prebuilt image), sorted. Hidden, vendored and build directories are not among them.
     */
    List<String> children();

    /**
     * The children that are links to other children, name to name. They are one directory, which {@link #directories} holds
     * under its own name only.
     */
    default Map<String, String> linkedChildren() {
        return Map.of();
    }

    /** Why not every child of the agents path could be listed; null where all were. Then absence is not known. */
    @Nullable
    String childrenIncomplete();

    /** The facts of any source file below the root, also outside the agents path, such as the script that a unit starts. */
    ProgramLookup program(String rootPath);

    /**
     * What a program does when it is started like this. Bounded: of more starts than are followed the facts are
     * {@link ProgramLookup.Unreadable}.
     */
    default ProgramLookup started(String rootPath, Start start) {
        return program(rootPath);
    }

    /**
     * What a server listens on whose settings are a Python module: {@code bind} of a gunicorn.conf.py.
     *
     * @param start the environment in which the server reads it
     * @return null where there is no such file, or it sets nothing of that name that is one port
     */
    default @Nullable Bind setting(String rootPath, String name, Start start) {
        return null;
    }

    /** The text of a small data file below the root, such as a package.json; null where it cannot be read. */
    default @Nullable String text(String rootPath) {
        return null;
    }

    /** Writes down what a later look at the same tree need not read again; for when nothing more is asked. */
    default void keep() {}

    /** The directory under exactly this path below the root. */
    default Optional<CodeDirectory> directoryAt(String rootPath) {
        return directories().stream()
                .filter(directory -> directory.rootPath().equals(rootPath))
                .findFirst();
    }

    /** What looking up one file gave. */
    sealed interface ProgramLookup {
        record Found(Program program) implements ProgramLookup {}

        /** There is no such file, and its folder could be listed. */
        record Absent() implements ProgramLookup {}

        /** The file is there but neither binds, nor defines an application, nor is runnable; or no language we read. */
        record NoProgram(String reason) implements ProgramLookup {}

        record Unreadable(String reason) implements ProgramLookup {}
    }
}
