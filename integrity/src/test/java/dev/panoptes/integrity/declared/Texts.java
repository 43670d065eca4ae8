package dev.panoptes.integrity.declared;

import dev.panoptes.core.yaml.Problem;
import java.util.ArrayList;
import java.util.List;

/** Lets the tests of checks read declarations from text with the real readers. */
public final class Texts {
    private Texts() {}

    public static Dockerfile dockerfile(String rootPath, String... lines) {
        return DockerfileReader.read(rootPath, String.join("\n", lines), new ArrayList<Problem>());
    }

    static List<String> words(Invocation invocation) {
        return invocation == null ? null : invocation.words();
    }
}
