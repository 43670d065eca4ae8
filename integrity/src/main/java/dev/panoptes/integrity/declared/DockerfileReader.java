package dev.panoptes.integrity.declared;

import dev.panoptes.core.registry.Location;
import dev.panoptes.core.registry.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads Dockerfiles. Pure and bounded; no build is run and no base image looked up. */
final class DockerfileReader {
    private static final int MOST_STAGES = 200;

    private DockerfileReader() {}

    /**
     * True for {@code Dockerfile}, {@code Dockerfile.*}, {@code Containerfile} and {@code *.dockerfile}, but for ignore
     * lists, notes and backups that are called like one.
     */
    static boolean isDockerfile(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        boolean called = fileName.startsWith("Dockerfile")
                || fileName.equals("dockerfile")
                || fileName.startsWith("Containerfile")
                || lower.endsWith(".dockerfile");
        return called
                && !lower.endsWith("~")
                && !lower.matches(".*\\.(dockerignore|containerignore|md|txt|rst|bak|orig|rej|swp|j2|jinja|jinja2|tmpl"
                        + "|tpl|template|erb|py|sh|js|ts|go|java|json|ya?ml)");
    }

    /**
     * @param text the whole file
     * @param problems gets what is wrong with it
     * @return without stages where it has no FROM
     */
    static Dockerfile read(String rootPath, String text, List<Problem> problems) {
        DockerfileLines.Parsed parsed = DockerfileLines.parse(text);
        if (!parsed.complete()) {
            problems.add(new Problem(
                    "dockerfile-too-long", rootPath, Location.WHOLE_FILE, "The file has too many instructions"));
        }
        List<DockerfileStage> stages = new ArrayList<>();
        DockerfileVariables head = new DockerfileVariables(parsed.escape());
        for (DockerfileLines.Instruction instruction : parsed.instructions()) {
            if (instruction.keyword().equals("FROM")) {
                if (stages.size() == MOST_STAGES) {
                    problems.add(new Problem(
                            "dockerfile-too-long",
                            rootPath,
                            new Location(instruction.line(), 1),
                            "The file has more than " + MOST_STAGES + " stages"));
                    break;
                }
                stages.add(DockerfileStage.from(instruction, stages, head, rootPath));
            } else if (!stages.isEmpty()) {
                stages.getLast().add(instruction, head);
            } else if (instruction.keyword().equals("ARG")) {
                DockerfileStage.arguments(instruction.rest(), head, head);
            }
        }
        String directory = rootPath.substring(0, Math.max(0, rootPath.lastIndexOf('/')));
        return new Dockerfile(
                rootPath, directory, stages.stream().map(DockerfileStage::build).toList());
    }
}
