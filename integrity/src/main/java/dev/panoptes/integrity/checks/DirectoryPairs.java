package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.CodeFile;
import dev.panoptes.code.LineSketch;
import dev.panoptes.code.ReportedName;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.declared.Entry;
import dev.panoptes.integrity.declared.Identity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares code directories pair by pair: which are one agent twice, and which only report one name. */
final class DirectoryPairs {
    /** How many code lines two directories must share to be nearly equal; see docs/checks/duplicate-dir.md. */
    private static final double NEARLY_EQUAL = 0.9;

    /** Of a name or port that many directories share, only these fullest ones are compared with all others. */
    private static final int COMPARED = 32;

    private static final int MOST_WORDS = 8;
    private static final Pattern HUMP = Pattern.compile("(?<=\\p{Ll})(?=\\p{Lu})");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final CodeView view;
    private final List<Sided> sides = new ArrayList<>();

    DirectoryPairs(CodeView view) {
        this.view = view;
        for (CodeDirectory directory : view.directories().all()) {
            sides.add(Sided.of(directory, view));
        }
        sides.sort(Comparator.comparing((Sided side) -> -side.directory().codeLines())
                .thenComparing(side -> !side.declared())
                .thenComparing(side -> side.directory().path()));
    }

    /**
     * A directory and what is compared of it.
     *
     * @param words of the reported name, lower case; empty where none is known
     * @param entry null where it has no program
     * @param unclear why something of it is not known; null where all is
     */
    record Sided(
            CodeDirectory directory,
            boolean declared,
            @Nullable ReportedName name,
            List<String> words,
            @Nullable Entry entry,
            Set<Integer> ports,
            @Nullable String unclear) {
        static Sided of(CodeDirectory directory, CodeView view) {
            Identity identity = view.identity(directory);
            ReportedName name = identity instanceof Identity.Known known ? known.name() : null;
            var claims = view.directories().claims(directory);
            String unclear = directory.incomplete();
            if (unclear == null && identity instanceof Identity.Unclear(String reason)) {
                unclear = reason;
            }
            if (unclear == null && claims.firstUnresolved().isPresent()) {
                unclear = claims.firstUnresolved().get().reason();
            }
            return new Sided(
                    directory,
                    view.links().agentOf(directory).isPresent(),
                    name,
                    name == null ? List.of() : wordsOf(name.value()),
                    view.directories().entry(directory).orElse(null),
                    claims.ports(),
                    unclear);
        }

        String identity() {
            return name == null ? "" : Keys.identity(name.value());
        }

        String entryFile() {
            if (entry == null) {
                return "";
            }
            String path = entry.program().path();
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /**
     * Two directories, the fuller first.
     *
     * @param sameName they report one name
     * @param reasons why they are one agent, in words; empty where they are not
     */
    record Pair(Sided fuller, Sided other, boolean sameName, List<String> reasons) {
        boolean duplicate() {
            return !reasons.isEmpty();
        }

        /** Why it is not known whether two that report one name are one agent; null where it is. */
        @Nullable
        String undecided() {
            return duplicate() ? null : fuller.unclear() == null ? other.unclear() : fuller.unclear();
        }

        String subject() {
            return fuller.directory().path() + "-" + other.directory().path();
        }
    }

    List<Sided> sides() {
        return List.copyOf(sides);
    }

    /** Every pair that is a duplicate or reports one name. */
    List<Pair> found() throws InterruptedException {
        List<Pair> found = new ArrayList<>();
        for (List<Integer> candidate : candidates()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Sided fuller = sides.get(candidate.getFirst());
            Sided other = sides.get(candidate.getLast());
            boolean sameName = !fuller.identity().isEmpty() && fuller.identity().equals(other.identity());
            List<String> reasons = reasons(fuller, other, sameName);
            if (sameName || !reasons.isEmpty()) {
                found.add(new Pair(fuller, other, sameName, reasons));
            }
        }
        return found;
    }

    /** Pairs that share a name, a port, or whose one name is the other plus whole words. */
    private Set<List<Integer>> candidates() {
        Map<String, List<Integer>> byName = new LinkedHashMap<>();
        Map<String, List<Integer>> byWords = new HashMap<>();
        Map<Integer, List<Integer>> byPort = new TreeMap<>();
        for (int i = 0; i < sides.size(); i++) {
            Sided side = sides.get(i);
            if (!side.identity().isEmpty()) {
                byName.computeIfAbsent(side.identity(), name -> new ArrayList<>())
                        .add(i);
                byWords.computeIfAbsent(String.join(" ", side.words()), words -> new ArrayList<>())
                        .add(i);
            }
            for (int port : side.ports()) {
                byPort.computeIfAbsent(port, any -> new ArrayList<>()).add(i);
            }
        }
        Set<List<Integer>> pairs = new LinkedHashSet<>();
        byName.values().forEach(sharing -> pair(sharing, pairs));
        byPort.values().forEach(sharing -> pair(sharing, pairs));
        for (int i = 0; i < sides.size(); i++) {
            for (String part : parts(sides.get(i).words())) {
                List<Integer> shorter = byWords.getOrDefault(part, List.of());
                for (int other : shorter.subList(0, Math.min(COMPARED, shorter.size()))) {
                    pairs.add(List.of(Math.min(i, other), Math.max(i, other)));
                }
            }
        }
        return pairs;
    }

    private static void pair(List<Integer> sharing, Set<List<Integer>> pairs) {
        for (int i = 0; i < Math.min(COMPARED, sharing.size()); i++) {
            for (int j = i + 1; j < sharing.size(); j++) {
                pairs.add(List.of(sharing.get(i), sharing.get(j)));
            }
        }
    }

    private List<String> reasons(Sided fuller, Sided other, boolean sameName) {
        Set<Integer> shared = new LinkedHashSet<>(fuller.ports());
        shared.retainAll(other.ports());
        boolean port = !shared.isEmpty();
        boolean entry = !fuller.entryFile().isEmpty() && fuller.entryFile().equals(other.entryFile());
        boolean stub = isStub(fuller, other);
        boolean related =
                sameName || extended(fuller.words(), other.words()) || extended(other.words(), fuller.words());
        int held = (port ? 1 : 0) + (entry ? 1 : 0) + (stub ? 1 : 0);
        boolean alike = false;
        boolean duplicate = (sameName && held >= 2) || (related && port && held >= 2);
        if (!duplicate && (sameName || ((related || port) && !differentAgents(fuller, other)))) {
            alike = likeness(fuller, other) >= NEARLY_EQUAL;
            duplicate = alike;
        }
        if (!duplicate) {
            return List.of();
        }
        List<String> reasons = new ArrayList<>();
        if (related && fuller.name() != null && other.name() != null) {
            reasons.add(
                    sameName
                            ? "both report " + fuller.name().value()
                            : "they report " + fuller.name().value() + " and "
                                    + other.name().value());
        }
        if (port) {
            reasons.add("both bind " + Words.list(shared));
        }
        if (entry) {
            reasons.add("both start with " + fuller.entryFile());
        }
        if (stub) {
            reasons.add("one has under a third of the other's code");
        }
        if (alike) {
            reasons.add("their code is nearly equal");
        }
        return reasons;
    }

    /** True where the other has under a third of the fuller one's code lines. */
    static boolean isStub(Sided fuller, Sided other) {
        return 3L * other.directory().codeLines() < fuller.directory().codeLines();
    }

    /** True where the registry declares each as an agent of its own: then equal code comes from a template. */
    private boolean differentAgents(Sided a, Sided b) {
        Optional<String> first = view.links().agentOf(a.directory()).map(agent -> agent.key());
        Optional<String> second = view.links().agentOf(b.directory()).map(agent -> agent.key());
        return first.isPresent() && second.isPresent() && !first.equals(second);
    }

    /** The share of code lines in common, without the folders that both hold as copies of one another. */
    private static double likeness(Sided a, Sided b) {
        Map<String, List<LineSketch>> mine = folders(a);
        Map<String, List<LineSketch>> theirs = folders(b);
        Set<String> copies = new HashSet<>();
        mine.forEach((folder, sketches) -> {
            List<LineSketch> same = theirs.getOrDefault(folder, List.of());
            if (!folder.isEmpty()
                    && LineSketch.merged(sketches).likeness(LineSketch.merged(same)) >= NEARLY_EQUAL
                    && !holdsEntry(a, folder)
                    && !holdsEntry(b, folder)) {
                copies.add(folder);
            }
        });
        mine.keySet().removeAll(copies);
        theirs.keySet().removeAll(copies);
        return merged(mine).likeness(merged(theirs));
    }

    private static LineSketch merged(Map<String, List<LineSketch>> folders) {
        return LineSketch.merged(folders.values().stream().flatMap(List::stream).toList());
    }

    /** The sketches by first folder; those of files directly in the directory under the empty name. */
    private static Map<String, List<LineSketch>> folders(Sided side) {
        Map<String, List<LineSketch>> folders = new TreeMap<>();
        for (CodeFile file : side.directory().files()) {
            folders.computeIfAbsent(firstFolder(file.path()), folder -> new ArrayList<>())
                    .add(file.lines());
        }
        return folders;
    }

    private static boolean holdsEntry(Sided side, String folder) {
        return side.entry() != null
                && firstFolder(side.entry().program().path()).equals(folder);
    }

    private static String firstFolder(String path) {
        return path.substring(0, Math.max(0, path.indexOf('/')));
    }

    /** True where the longer is the shorter plus whole words. */
    private static boolean extended(List<String> longer, List<String> shorter) {
        return parts(longer).contains(String.join(" ", shorter));
    }

    /** Every shorter run of words of a name. */
    private static Set<String> parts(List<String> words) {
        Set<String> parts = new LinkedHashSet<>();
        int size = Math.min(words.size(), MOST_WORDS);
        for (int from = 0; from < size; from++) {
            for (int to = from + 1; to <= size; to++) {
                if (to - from < words.size()) {
                    parts.add(String.join(" ", words.subList(from, to)));
                }
            }
        }
        return parts;
    }

    /** {@code ATLAS-Infra}, {@code atlas infra} and {@code AtlasInfra} are two words each. */
    static List<String> wordsOf(String name) {
        String spaced = HUMP.matcher(name).replaceAll(" ");
        List<String> words = new ArrayList<>();
        for (String word : BETWEEN_WORDS.split(spaced)) {
            if (!word.isEmpty()) {
                words.add(Keys.identity(word));
            }
        }
        return words;
    }
}
