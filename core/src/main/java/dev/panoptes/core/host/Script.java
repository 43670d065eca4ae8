package dev.panoptes.core.host;

import java.util.List;

/** What a command line says an interpreter runs. */
sealed interface Script {
    /** @param path as written
     *  @param directory what it is relative to; empty where unknown */
    record File(String path, String directory) implements Script {}

    /** What node(1) or python(1) is told to run: a file, or a folder that says what of it.
     *  @param directory what it is relative to; empty where unknown */
    record Entry(String path, String directory, boolean node) implements Script {}

    /** A Python module. @param directory where it is looked for; empty where unknown */
    record PythonModule(String name, String directory) implements Script {}

    /** @param classPath as written, in order */
    record JavaClass(String name, List<String> classPath, String directory) implements Script {}

    /** Code on the command line or from standard input, or a command line that no longer tells. */
    record Untold() implements Script {}

    /** The program is no interpreter: its executable is its code. */
    record Native() implements Script {}
}
