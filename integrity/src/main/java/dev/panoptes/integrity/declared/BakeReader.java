package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.integrity.declared.BuildFiles.Reference;
import dev.panoptes.integrity.declared.BuildFiles.Target;
import dev.panoptes.integrity.declared.Hcl.Block;
import dev.panoptes.integrity.declared.Hcl.Body;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code docker buildx bake} builds (Bake file reference): its targets with what they inherit, and the targets that groups
 * name. Paths are relative to where bake is run, which is the folder of the file or the top of the tree.
 */
final class BakeReader {
    private static final int LARGEST = 1 << 18;
    private static final int MOST_FILES = 50;
    private static final int MOST = 500;
    private static final int DEEPEST = 20;
    private static final Pattern CALLED = Pattern.compile("(docker-)?bake(\\.[\\w-]+)*\\.(hcl|json)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");
    private static final Pattern STANDARD = Pattern.compile("docker-bake(\\.override)?\\.(hcl|json)");
    private static final List<String> READ = List.of("context", "dockerfile", "dockerfile-inline", "target");

    private final ScannedTree tree;
    private final List<ComposeFile> composeFiles;
    private final List<Target> targets = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private boolean namedContexts;

    private BakeReader(ScannedTree tree, List<ComposeFile> composeFiles) {
        this.tree = tree;
        this.composeFiles = composeFiles;
    }

    static boolean isCalledSo(String name) {
        return CALLED.matcher(name).matches();
    }

    /** @param files in any order; @param composeFiles whose services bake takes for targets too */
    static BuildFiles read(ScannedTree tree, List<DeclarationFiles.Found> files, List<ComposeFile> composeFiles)
            throws InterruptedException {
        BakeReader reader = new BakeReader(tree, composeFiles);
        Map<String, List<String>> together = new TreeMap<>();
        for (DeclarationFiles.Found file : files) {
            if (isCalledSo(file.name()) && together.size() < MOST_FILES) {
                // Bake reads these names together, an override last.
                String key = STANDARD.matcher(file.name()).matches()
                        ? HostProcessReader.folder(file.rootPath()) + "/"
                        : file.rootPath();
                List<String> paths = together.computeIfAbsent(key, unused -> new ArrayList<>());
                paths.add(file.name().contains("override") ? paths.size() : 0, file.rootPath());
            }
        }
        for (List<String> paths : together.values()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading what bake builds");
            }
            reader.read(paths);
        }
        return new BuildFiles(reader.targets, reader.references, List.of(), reader.namedContexts);
    }

    /** What is said of one name, by blocks of one name in any of the files; a later one counts. */
    private record Said(Map<String, Hcl> values, String file, int line) {}

    private void read(List<String> files) {
        Map<String, Said> blocks = new LinkedHashMap<>();
        Map<String, Said> groups = new LinkedHashMap<>();
        Map<String, String> variables = new HashMap<>();
        for (String file : files) {
            Body body;
            try {
                body = tree.read(file, LARGEST) instanceof Content.Text(String text, String digest)
                        ? HclParser.parse(text)
                        : null;
            } catch (HclParser.Malformed e) {
                references.add(new Reference(
                        false, "what it says", file, false, "it is not understood: " + e.getMessage(), file, e.line()));
                return;
            }
            if (body == null) {
                references.add(new Reference(false, "what it says", file, false, "it cannot be read", file, 1));
                return;
            }
            for (Block variable : named(body, "variable")) {
                String value = variable.body().text("default");
                if (value != null) {
                    variables.put(variable.label(), value);
                }
            }
            named(body, "target").forEach(block -> add(blocks, file, block));
            named(body, "group").forEach(block -> add(groups, file, block));
        }
        new Project(files, blocks, groups, variables).judge();
    }

    private static void add(Map<String, Said> into, String file, Block block) {
        if (into.size() < MOST) {
            Map<String, Hcl> values = new LinkedHashMap<>();
            Said before = into.get(block.label());
            if (before != null) {
                values.putAll(before.values);
            }
            values.putAll(block.body().attributes());
            into.put(block.label(), new Said(values, file, block.line()));
        }
    }

    /** Blocks with their names; in JSON an object holds them by name. */
    private static List<Block> named(Body body, String type) {
        List<Block> found = new ArrayList<>();
        for (Block block : body.all(type)) {
            if (!block.labels().isEmpty()) {
                found.add(block);
            } else {
                block.body().attributes().forEach((name, value) -> {
                    if (value instanceof Body inner) {
                        found.add(new Block(type, List.of(name), inner, inner.line()));
                    }
                });
            }
        }
        return found;
    }

    /** The files that are read together. */
    private final class Project {
        private final List<String> files;
        private final Map<String, Said> blocks;
        private final Map<String, Said> groups;
        private final Map<String, String> variables;
        private final Map<String, ComposeFile.@Nullable Build> services = new HashMap<>();
        private final boolean computed;

        private Project(
                List<String> files, Map<String, Said> blocks, Map<String, Said> groups, Map<String, String> variables) {
            this.files = files;
            this.blocks = blocks;
            this.groups = groups;
            this.variables = variables;
            composeFiles.forEach(
                    file -> file.services().forEach(service -> services.put(service.name(), service.build())));
            computed = blocks.values().stream()
                    .anyMatch(said -> said.values.containsKey("matrix") || said.values.containsKey("name"));
        }

        private void judge() {
            Set<String> inherited = new HashSet<>();
            for (Said said : blocks.values()) {
                inherited.addAll(texts(said.values.get("inherits")));
                namedContexts |= said.values.containsKey("contexts");
            }
            Set<String> grouped = new LinkedHashSet<>();
            groups.forEach((group, said) -> {
                for (String name : texts(said.values.get("targets"))) {
                    grouped.add(name);
                    boolean there = blocks.containsKey(name) || groups.containsKey(name) || services.containsKey(name);
                    String unclear = there || !computed ? null : "names of targets are computed";
                    Hcl list = said.values.get("targets");
                    references.add(new Reference(
                            false, "target", name, there, unclear, said.file, list == null ? said.line : list.line()));
                }
            });
            blocks.forEach((name, said) -> {
                Map<String, Hcl> whole = new LinkedHashMap<>();
                boolean known = collect(name, 0, new HashSet<>(), whole);
                boolean built = grouped.contains(name)
                        || services.containsKey(name)
                        || (!inherited.contains(name)
                                && (whole.containsKey("context") || whole.containsKey("dockerfile")));
                ComposeFile.Build merged = services.get(name);
                // What only compose says of a service is judged there.
                boolean own = !services.containsKey(name)
                        || Stream.of("context", "dockerfile", "target").anyMatch(whole::containsKey);
                if (built && known && own && !whole.containsKey("matrix")) {
                    target(name, said, whole, merged);
                }
            });
        }

        /** False where it inherits what these files do not hold. */
        private boolean collect(String name, int depth, Set<String> seen, Map<String, Hcl> into) {
            Said said = blocks.get(name);
            if (said == null || depth > DEEPEST || !seen.add(name)) {
                return false;
            }
            boolean known = !(said.values.get("inherits") instanceof Hcl.Open);
            for (String parent : texts(said.values.get("inherits"))) {
                known &= collect(parent, depth + 1, seen, into);
            }
            seen.remove(name);
            for (Map.Entry<String, Hcl> each : said.values.entrySet()) {
                if (READ.contains(each.getKey()) || each.getKey().equals("matrix")) {
                    into.put(each.getKey(), each.getValue());
                }
            }
            return known;
        }

        private void target(String name, Said said, Map<String, Hcl> whole, ComposeFile.@Nullable Build merged) {
            if (given(whole, "dockerfile-inline") != null || targets.size() >= MOST) {
                return;
            }
            Hcl written = given(whole, "dockerfile");
            String context = text(given(whole, "context"));
            String dockerfile = text(written);
            Hcl where = written == null ? given(whole, "context") : written;
            boolean unclear = given(whole, "context") != null && context == null;
            ComposeFile.Build theirs = given(whole, "context") == null ? merged : null;
            String standard = theirs == null ? "." : theirs.context();
            String named = written == null && merged != null ? merged.dockerfile() : dockerfile;
            List<ComposeFile.Build> builds = Stream.of(
                            theirs == null ? HostProcessReader.folder(said.file) : theirs.directory(), "")
                    .distinct()
                    .map(directory -> new ComposeFile.Build(
                            context == null ? standard : context.replaceFirst("^cwd://", ""),
                            unclear ? "its context is computed" : null,
                            named == null ? null : named.replaceFirst("^cwd://", ""),
                            written != null && dockerfile == null ? "the path is computed" : null,
                            null,
                            text(given(whole, "target")),
                            Map.of(),
                            Set.of(),
                            directory,
                            said.file,
                            where == null ? said.line : where.line()))
                    .toList();
            targets.add(new Target(files.getFirst() + "#" + name, false, builds));
        }

        private @Nullable Hcl given(Map<String, Hcl> whole, String name) {
            Hcl value = whole.get(name);
            return value instanceof Hcl.Text(String text, int line) && text.equals("null") ? null : value;
        }

        private List<String> texts(@Nullable Hcl value) {
            List<String> texts = new ArrayList<>();
            for (Hcl item : value instanceof Hcl.Items(List<Hcl> items, int line) ? items : List.<Hcl>of()) {
                String text = text(item);
                if (text != null && texts.size() < MOST) {
                    texts.add(text);
                }
            }
            return texts;
        }

        /** A text with the defaults of its variables; null where something else makes it, as the environment may. */
        private @Nullable String text(@Nullable Hcl value) {
            if (value instanceof Hcl.Open(String name, int line)) {
                return variables.get(name.strip());
            }
            if (!(value instanceof Hcl.Text(String written, int line))) {
                return null;
            }
            Matcher variable = VARIABLE.matcher(written);
            String text = variable.replaceAll(
                    found -> Matcher.quoteReplacement(variables.getOrDefault(found.group(1), found.group())));
            return text.contains("${") || text.contains("%{") ? null : text;
        }
    }
}
