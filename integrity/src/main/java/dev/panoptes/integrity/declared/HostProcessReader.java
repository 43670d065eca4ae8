package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the files that start programs on a host beside units and compose files. Bounded; nothing is run. */
final class HostProcessReader {
    private static final int LARGEST_BYTES = 1 << 18;
    private static final int MOST_FILES = 2_000;
    private static final int MOST_PROCESSES = 2_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final Pattern PM2 =
            Pattern.compile("(ecosystem([.-][a-z]+)?|pm2([.-][a-z]+)?|process)(\\.config)?\\.(json|ya?ml|c?js)");
    /** Such names are other programs' too. */
    private static final Set<String> PLAIN =
            Set.of("process.js", "ecosystem.js", "pm2.js", "process.yaml", "process.yml");

    private final ScannedTree tree;
    private final DeployedPaths paths;
    private final List<Problem> problems;
    private long bytesLeft = MOST_BYTES;

    HostProcessReader(ScannedTree tree, DeployedPaths paths, List<Problem> problems) {
        this.tree = tree;
        this.paths = paths;
        this.problems = problems;
    }

    /** True for a file that may start programs or say how compose files are started, by its name. */
    static boolean isCalledSo(String name, String folder) {
        String lower = name.toLowerCase(Locale.ROOT);
        return isProcfile(name)
                || isSupervisor(lower, folder)
                || isPm2(lower)
                || lower.equals("package.json")
                || ComposeStarts.isCalledSo(lower);
    }

    /** In the order of the files. What cannot be read is a problem. */
    List<HostProcess> read(List<DeclarationFiles.Found> files) throws InterruptedException {
        List<HostProcess> processes = new ArrayList<>();
        int left = MOST_FILES;
        for (DeclarationFiles.Found found : files) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading files that start programs");
            }
            String lower = found.name().toLowerCase(Locale.ROOT);
            boolean document = ComposeStarts.isCalledSo(lower) && !lower.endsWith("sh");
            if (found.link() || document || processes.size() >= MOST_PROCESSES) {
                continue;
            }
            if (left-- <= 0 || bytesLeft < 0) {
                problem(
                        "too-many-files",
                        found.rootPath(),
                        "there are more files that may start programs than are read");
                break;
            }
            processes.addAll(read(found.rootPath(), found.name()));
        }
        return processes;
    }

    private List<HostProcess> read(String file, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        Content content = tree.read(file, LARGEST_BYTES);
        if (!(content instanceof Content.Text(String text, String digest))) {
            if (content instanceof Content.Unreadable(String reason)
                    && (isProcfile(name) || isSupervisor(lower, folder(file)) || isPm2(lower))) {
                problem("unreadable-file", file, "the file " + reason);
            }
            return List.of();
        }
        bytesLeft -= text.length();
        if (isProcfile(name)) {
            return Procfiles.read(file, text, environment(folder(file)));
        }
        if (isPm2(lower)) {
            boolean program = lower.endsWith("js");
            String literal = program ? ObjectLiteral.exported(text) : text;
            int before = problems.size();
            List<HostProcess> apps = literal == null
                    ? List.of()
                    : Pm2Files.read(file, literal, program, paths, this::variables, problems);
            if (program && (literal == null || problems.size() > before)) {
                problems.subList(before, problems.size()).clear();
                problem("not-read", file, "it computes what PM2 starts, so that is not known");
            }
            return apps;
        }
        if (isSupervisor(lower, folder(file))) {
            return SupervisorFiles.read(file, text, paths);
        }
        return lower.equals("package.json") ? PackageProcesses.read(file, text) : StartScripts.read(file, text);
    }

    private Map<String, String> environment(String folder) {
        return tree.read(PathNames.join(folder, ".env"), EnvironmentFile.LARGEST_BYTES)
                        instanceof Content.Text(String text, String digest)
                ? EnvironmentFile.parse(text)
                : Map.of();
    }

    private @Nullable String variables(String path) {
        String inside = ContainerPath.belowRoot("", path);
        return inside != null
                        && tree.read(inside, EnvironmentFile.LARGEST_BYTES)
                                instanceof Content.Text(String text, String digest)
                ? text
                : null;
    }

    private static boolean isProcfile(String name) {
        return name.equals("Procfile")
                || (name.startsWith("Procfile.") && name.matches("Procfile\\.[a-z]{2,12}") && !name.endsWith(".md"));
    }

    private static boolean isSupervisor(String lower, String folder) {
        String parent = folder.substring(folder.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String around = folder.contains("/")
                ? folder.substring(0, folder.lastIndexOf('/')).toLowerCase(Locale.ROOT)
                : "";
        return (lower.endsWith(".conf") || lower.endsWith(".ini"))
                && (lower.contains("supervisor")
                        || parent.contains("supervisor")
                        || (parent.equals("conf.d") && around.endsWith("supervisor")));
    }

    private static boolean isPm2(String lower) {
        return PM2.matcher(lower).matches() && !PLAIN.contains(lower);
    }

    /** The rootPath of a file's folder. */
    static String folder(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }

    /** A relative path below a folder; null where it leads out of the root. */
    static @Nullable String below(String folder, String relative) {
        return ContainerPath.belowRoot(folder, relative);
    }

    /** Where a path of a file lies below the root; null where it is not known or lies elsewhere. */
    static @Nullable String located(String written, String file, DeployedPaths paths) {
        if (written.startsWith(HostProcess.HERE)) {
            return below(folder(file), "." + written.substring(HostProcess.HERE.length()));
        }
        if (!written.startsWith("/")) {
            return written.startsWith("~") || written.contains("$") ? null : below(folder(file), written);
        }
        return paths.locate(written) instanceof DeployedPath.Below below ? below.rootPath() : null;
    }

    /** Where a shell is after {@code cd}; null where that is not known. */
    static @Nullable String from(@Nullable String directory, String written, String file) {
        if (written.startsWith(HostProcess.HERE)) {
            return below(folder(file), "." + written.substring(HostProcess.HERE.length()));
        }
        return directory == null || written.startsWith("/") || written.startsWith("~") || written.startsWith("-")
                ? null
                : below(directory, written);
    }

    private void problem(String code, String file, String message) {
        problems.add(new Problem(code, file, Location.WHOLE_FILE, message));
    }
}
