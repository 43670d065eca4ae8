package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.text.Lines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which compose files a README, script or Makefile starts, and which of them together. Lines that follow each other without a
 * branch, a blank line of a document or another target are run together; others may be alternatives.
 */
final class ComposeStarts {
    private static final int LARGEST_BYTES = 1 << 18;
    private static final int MOST_STARTS = 2_000;
    private static final int MOST_FILES = 2_000;
    private static final int LONGEST_LINE = 4_000;
    private static final Pattern UP = Pattern.compile(
            "(?:docker[ -]compose|podman[ -]compose|nerdctl compose)\\b([^|;&#`]{0,400}?)\\s(?:up|start|run)\\b");
    private static final Pattern CHANGE =
            Pattern.compile("(?:^|&&|;|\\()\\s*cd\\s+(\"?)([\\w./@-]{1,200})\\1\\s*(?=$|&&|;)");
    private static final Pattern FILE = Pattern.compile("(?:-f|--file)[ =]\\s*(\"?)([\\w./@-]{1,200})\\1");
    private static final Pattern PROJECT = Pattern.compile("--project-directory[ =]\\s*(\"?)([\\w./@-]{1,200})\\1");
    private static final Pattern BRANCH = Pattern.compile(
            "(if|elif|else|fi|case|esac|for|while|until|done|then)\\b.*|.*;;|[\\w*|\"'. -]{1,80}\\)|[\\w-]{1,80}\\s*\\(\\)\\s*\\{?.*|}.*");
    private static final Pattern JOINED = Pattern.compile("&&|;|\\|\\|");
    static final List<String> STANDARD =
            List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");

    private final ScannedTree tree;
    private final Map<String, Set<String>> together = new HashMap<>();
    private final Map<String, Set<String>> byOneCommand = new HashMap<>();
    private final Map<String, Set<String>> bases = new HashMap<>();
    private int left = MOST_STARTS;

    private ComposeStarts(ScannedTree tree) {
        this.tree = tree;
    }

    /** True for a file that may say how the fleet is started. */
    static boolean isCalledSo(String lower) {
        return lower.endsWith(".md")
                || lower.endsWith(".sh")
                || lower.endsWith(".bash")
                || lower.equals("makefile")
                || lower.equals("justfile")
                || lower.equals("readme")
                || lower.equals("readme.txt")
                || lower.equals("readme.rst");
    }

    /** The compose files with what starts each; those that nothing names stay as they are. */
    List<ComposeFile> joined(List<ComposeFile> files) {
        return files.size() < 2 ? files : files.stream().map(this::with).toList();
    }

    /**
     * The folder that relative paths of a file begin in, where every command that starts it says one that is not its own:
     * {@code --project-directory}, else that of the first file (docker compose, "Use -f to specify the name and path of one or more
     * Compose files").
     */
    Map<String, String> bases() {
        Map<String, String> own = new HashMap<>();
        bases.forEach((file, all) -> {
            if (all.size() == 1 && !all.contains(HostProcessReader.folder(file))) {
                own.put(file, all.iterator().next());
            }
        });
        return own;
    }

    /** Files that are given to compose and are not called after it, such as {@code app.yml}. */
    List<DeclarationFiles.Found> others(DeclarationFiles files) {
        return files.manifests().stream()
                .filter(file -> together.containsKey(file.rootPath()))
                .toList();
    }

    /** Reads what the starters of a tree say. */
    static ComposeStarts read(ScannedTree tree, List<DeclarationFiles.Found> starters) throws InterruptedException {
        ComposeStarts starts = new ComposeStarts(tree);
        int read = 0;
        for (DeclarationFiles.Found found : starters) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading how compose files are started");
            }
            String lower = found.name().toLowerCase(Locale.ROOT);
            if (isCalledSo(lower)
                    && !found.link()
                    && read++ < MOST_FILES
                    && tree.read(found.rootPath(), LARGEST_BYTES) instanceof Content.Text(String text, String digest)
                    && text.contains("compose")) {
                starts.read(found.rootPath(), lower, text);
            }
        }
        return starts;
    }

    private ComposeFile with(ComposeFile file) {
        ComposeFile.Project project = file.project();
        Set<String> startedBy = new LinkedHashSet<>();
        Set<String> joinedBy = new LinkedHashSet<>();
        for (String each : project.files().isEmpty() ? List.of(file.rootPath()) : project.files()) {
            startedBy.addAll(together.getOrDefault(each, Set.of()));
            joinedBy.addAll(byOneCommand.getOrDefault(each, Set.of()));
        }
        return startedBy.isEmpty() && joinedBy.isEmpty()
                ? file
                : new ComposeFile(
                        file.rootPath(),
                        file.services(),
                        new ComposeFile.Project(
                                project.files(),
                                project.activeProfiles(),
                                project.external(),
                                startedBy,
                                joinedBy,
                                project.missing(),
                                project.refusals(),
                                project.upstreams()));
    }

    private void read(String file, String lower, String text) {
        boolean script = lower.endsWith("sh");
        boolean recipes = lower.equals("makefile") || lower.equals("justfile");
        boolean document = !script && !recipes;
        String here = HostProcessReader.folder(file);
        String directory = here;
        int part = 1;
        int number = 0;
        for (String raw : Lines.of(text)) {
            number++;
            String line = raw.length() > LONGEST_LINE ? "" : raw.strip();
            boolean border = script
                    ? BRANCH.matcher(line).matches()
                    : recipes
                            ? !raw.isBlank() && !Character.isWhitespace(raw.charAt(0))
                            : line.isEmpty() || line.startsWith("#") || line.startsWith("```");
            if (border) {
                part = number;
                directory = script ? directory : here;
                if (document) {
                    continue;
                }
            }
            if (script && line.startsWith("#")) {
                continue;
            }
            String inLine = recipes ? here : directory;
            Matcher change = CHANGE.matcher(line);
            int at = 0;
            while (change.find()) {
                inLine = inLine == null ? null : HostProcessReader.below(inLine, change.group(2));
                at = change.end();
            }
            Matcher up = UP.matcher(line);
            int sentences = 0;
            for (int last = 0; up.find(); last = up.end()) {
                // What one line of a document tells one after the other is run together only where a shell joins it.
                boolean joined = !document
                        || last == 0
                        || JOINED.matcher(line.substring(last, up.start())).find();
                sentences += joined ? 0 : 1;
                String which = sentences == 0 ? "" : "." + sentences;
                start(up.group(1), inLine, file + ":" + part + which, file + ":" + number + which);
            }
            directory = at > 0 && !line.startsWith("(") && !recipes ? inLine : directory;
        }
    }

    private void start(String options, @Nullable String directory, String part, String line) {
        if (directory == null || left-- <= 0) {
            return;
        }
        List<String> named = new ArrayList<>();
        Matcher option = FILE.matcher(options);
        while (option.find()) {
            String path = HostProcessReader.below(directory, option.group(2));
            if (path != null) {
                named.add(path);
            }
        }
        if (named.isEmpty() && !options.contains("-f")) {
            STANDARD.stream()
                    .map(name -> PathNames.join(directory, name))
                    .filter(path -> tree.look(path) instanceof ScannedTree.Place.Here here && here.regular())
                    .findFirst()
                    .ifPresent(named::add);
        }
        Matcher project = PROJECT.matcher(options);
        String base = project.find()
                ? HostProcessReader.below(directory, project.group(2))
                : named.isEmpty() ? null : HostProcessReader.folder(named.getFirst());
        for (String path : named) {
            if (base != null) {
                bases.computeIfAbsent(path, unused -> new HashSet<>()).add(base);
            }
            together.computeIfAbsent(path, unused -> new HashSet<>()).add(part);
            byOneCommand.computeIfAbsent(path, unused -> new HashSet<>()).add(line);
        }
    }
}
