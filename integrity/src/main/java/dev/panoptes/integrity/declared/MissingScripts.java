package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which commands of Procfiles, supervisord, PM2 and Dockerfiles run a script that the package file beside them does not have. */
public final class MissingScripts {
    private static final String FILE = "package.json";

    private MissingScripts() {}

    /**
     * A command whose package file was read.
     *
     * @param subject a process, or the rootPath of a Dockerfile
     * @param script what is not there; null where it is
     * @param packageFile rootPath
     */
    public record Run(String subject, @Nullable String script, String packageFile, Evidence evidence) {}

    public static List<Run> of(Declarations declarations, BuildContexts contexts) {
        List<Run> runs = new ArrayList<>();
        for (HostProcess process : declarations.processes()) {
            StartCommand start = process.start();
            String folder = process.directory();
            if (start != null && folder != null && start.directory() == null) {
                add(declarations, start, below(folder), process.id(), process.evidence(), runs);
            }
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            Dockerfile.Stage stage =
                    dockerfile.stages().isEmpty() ? null : dockerfile.stages().getLast();
            StartCommand start = stage == null ? null : stage.start();
            List<String> possible = contexts.possible(dockerfile);
            String file = stage == null || possible.size() > 1 ? null : packageFile(stage, possible.getFirst());
            if (start != null && file != null) {
                Evidence evidence = new Evidence("dockerfile", dockerfile.rootPath(), start.line(), start.text());
                add(declarations, start, file, dockerfile.rootPath(), evidence, runs);
            }
        }
        return runs;
    }

    private static void add(
            Declarations declarations,
            StartCommand start,
            String file,
            String subject,
            Evidence evidence,
            List<Run> into) {
        String text = declarations.code().text(file);
        if (text != null && start.text().matches("(\\S*/)?p?npm run(-script)? .*")) {
            into.add(new Run(subject, PackageScripts.missing(start, text), file, evidence));
        }
    }

    private static String below(String folder) {
        return PathNames.join(folder, FILE);
    }

    /** Where the package file of the working directory comes from; null where that is not known, or something changes it. */
    private static @Nullable String packageFile(Dockerfile.Stage stage, String context) {
        String found = null;
        if (stage.runs().stream()
                .anyMatch(run -> run.text().contains("pkg set") || run.text().contains(FILE))) {
            return null;
        }
        for (Dockerfile.Copy copy : stage.copies()) {
            boolean here = copy.destination().equals(stage.workdir())
                    || copy.destination().equals(ContainerPath.resolve(stage.workdir(), FILE));
            if (copy.unclear() || (here && copy.from() != null)) {
                return null;
            }
            for (String source : here ? copy.sources() : List.<String>of()) {
                String name = source.substring(source.lastIndexOf('/') + 1);
                boolean whole = source.equals(".") || source.equals("./");
                if (whole || name.equals(FILE) || name.equals("package*.json")) {
                    String folder =
                            whole || source.indexOf('/') < 0 ? "" : source.substring(0, source.lastIndexOf('/'));
                    String place = ContainerPath.belowRoot(context, folder);
                    found = place == null ? null : below(place);
                }
            }
        }
        return found;
    }
}
