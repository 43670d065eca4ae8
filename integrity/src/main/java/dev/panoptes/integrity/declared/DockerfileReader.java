package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads Dockerfiles. Pure and bounded; no build is run and no base image looked up. */
final class DockerfileReader {
    private static final int LARGEST_BYTES = 1 << 20;
    private static final int MOST_STAGES = 200;
    /** A line of Jinja, ERB, EJS or Go's templates, and an instruction that such a tool fills in. */
    private static final Pattern TEMPLATE =
            Pattern.compile("(?m)^[ \\t]*+(\\{%|<%|\\{\\{-?[ \\t]*+(if|range|with|end|else|define|template|include)\\b)"
                    + "|^[ \\t]*+(FROM|COPY|ADD|EXPOSE|WORKDIR)[ \\t].*(\\{\\{|<%)");

    private static final Pattern NO_ARRAY = Pattern.compile("(?s)\\[\\s*['\"].*]");

    private DockerfileReader() {}

    /** @param problems files that could not be read whole */
    record Read(List<Dockerfile> dockerfiles, List<Problem> problems) {}

    /** Reads every one that holds a FROM; what is only called like a Dockerfile is passed over. */
    static Read readAll(ScannedTree tree, List<DeclarationFiles.Found> files) throws InterruptedException {
        List<Dockerfile> dockerfiles = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (DeclarationFiles.Found file : files) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading Dockerfiles");
            }
            switch (tree.read(file.rootPath(), LARGEST_BYTES)) {
                case ScannedTree.Content.Text(String text, String digest)
                when TEMPLATE.matcher(text).find() ->
                    problems.add(new Problem(
                            "dockerfile-template",
                            file.rootPath(),
                            Location.WHOLE_FILE,
                            "the file is a template that a tool has to fill in"));
                case ScannedTree.Content.Text(String text, String digest) -> {
                    Dockerfile dockerfile = read(file.rootPath(), text, problems);
                    if (!dockerfile.stages().isEmpty()) {
                        dockerfiles.add(dockerfile);
                    }
                }
                case ScannedTree.Content.Unreadable(String reason) ->
                    problems.add(
                            new Problem("unreadable-file", file.rootPath(), Location.WHOLE_FILE, "the file " + reason));
                case ScannedTree.Content.Absent absent ->
                    problems.add(new Problem(
                            "unreadable-file",
                            file.rootPath(),
                            Location.WHOLE_FILE,
                            "the file went away while the tree was read"));
            }
        }
        return new Read(dockerfiles, problems);
    }

    /**
     * @param text the whole file
     * @param problems gets what is wrong with it
     * @return without stages where it has no FROM
     */
    static Dockerfile read(String rootPath, String text, List<Problem> problems) {
        return read(rootPath, text, problems, Map.of());
    }

    /** Words in single quotes, or with a comma too many (Dockerfile reference, "Exec form"). */
    private static boolean isNoArray(DockerfileLines.Instruction instruction) {
        return (instruction.keyword().equals("CMD") || instruction.keyword().equals("ENTRYPOINT"))
                && NO_ARRAY.matcher(instruction.rest()).matches()
                && DockerfileStage.json(instruction.rest()) == null;
    }

    /** @param arguments that the build gives, by name */
    static Dockerfile read(String rootPath, String text, List<Problem> problems, Map<String, String> arguments) {
        DockerfileLines.Parsed parsed = DockerfileLines.parse(text);
        if (!parsed.complete()) {
            problems.add(new Problem(
                    "dockerfile-too-long", rootPath, Location.WHOLE_FILE, "the file has too many instructions"));
        }
        List<DockerfileStage> stages = new ArrayList<>();
        DockerfileVariables head = new DockerfileVariables(parsed.escape(), arguments);
        for (DockerfileLines.Instruction instruction : parsed.instructions()) {
            if (instruction.keyword().equals("FROM")) {
                if (stages.size() == MOST_STAGES) {
                    problems.add(new Problem(
                            "dockerfile-too-long",
                            rootPath,
                            new Location(instruction.line(), 1),
                            "the file has more than " + MOST_STAGES + " stages"));
                    break;
                }
                stages.add(DockerfileStage.from(instruction, stages, head, rootPath));
            } else if (!stages.isEmpty()) {
                if (isNoArray(instruction)) {
                    problems.add(new Problem(
                            "dockerfile-no-array",
                            rootPath,
                            new Location(instruction.line(), 1),
                            instruction.keyword()
                                    + " looks like a list of words, but is no JSON: Docker hands the whole of"
                                    + " it to a shell, brackets and all"));
                }
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
