package dev.panoptes.integrity.declared;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code frameworks.table} says: of each framework how it is started, how it is recognised, and what tells its port. */
final class FrameworkTable {
    private static final String TABLE = "frameworks.table";

    /** What may tell the port, in the order in which the framework asks. */
    sealed interface Voice {
        /** An option of the command line. */
        record Option(List<String> names) implements Voice {}

        /** The first of these variables that is set. */
        record Variable(List<String> names) implements Voice {}

        /**
         * What the pattern finds in files.
         *
         * @param path below the project's folder; one that begins with {@code *} is the end of a name, at any depth
         * @param shipped true where the file counts only where the image gets it
         */
        record Said(String path, Pattern pattern, boolean shipped) implements Voice {}

        /** Where the pattern is found, the port is not known. */
        record Open(String path, Pattern pattern) implements Voice {}

        /** Where the pattern is not found, it is another framework. */
        record Needs(String path, Pattern pattern) implements Voice {}

        /** Where a variable of such a name is set, the port is not known. */
        record Moved(Pattern names) implements Voice {}

        /** The program of the tree that is run. */
        record Runs(String path) implements Voice {}

        /** @param image what the base image must be; null for any */
        record Standard(
                int port, @Nullable Pattern image, @Nullable String address) implements Voice {}
    }

    /**
     * @param program a pattern of the whole command; its group {@code program} is the program's name
     * @param sign a file that must be in the project; null where the command alone tells
     * @param signPattern what it must hold, with {@code {program}} for the program's name; null for anything
     * @param host options and variables that name the address
     * @param comment what begins a comment in its sources
     */
    record Framework(
            String name,
            Pattern program,
            @Nullable String sign,
            @Nullable String signPattern,
            List<String> host,
            String comment,
            List<Voice> voices) {}

    private final List<Framework> frameworks = new ArrayList<>();

    /** Reads the table that comes with the program. */
    FrameworkTable() {
        try (InputStream in = FrameworkTable.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("the table " + TABLE + " is not part of the program");
            }
            List<String> block = new ArrayList<>();
            for (String raw : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String line = raw.strip();
                if (line.startsWith("[") && line.endsWith("]")) {
                    add(block);
                    block.clear();
                }
                if (!line.isEmpty() && !line.equals("#") && !line.startsWith("# ")) {
                    block.add(line);
                }
            }
            add(block);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same for everybody: its patterns are compiled once. */
    static List<Framework> shipped() {
        return Shipped.FRAMEWORKS;
    }

    /** Read when it is first asked for. */
    private static final class Shipped {
        static final List<Framework> FRAMEWORKS = new FrameworkTable().frameworks();

        private Shipped() {}
    }

    List<Framework> frameworks() {
        return List.copyOf(frameworks);
    }

    private void add(List<String> block) {
        if (block.isEmpty()) {
            return;
        }
        Pattern program = Pattern.compile("(?!)");
        String sign = null;
        String signPattern = null;
        List<String> host = List.of();
        String comment = "//";
        List<Voice> voices = new ArrayList<>();
        for (String line : block.subList(1, block.size())) {
            int blank = line.indexOf(' ');
            String rest = line.substring(blank + 1).strip();
            int bar = rest.indexOf(" | ");
            String left = bar < 0 ? rest : rest.substring(0, bar).strip();
            String pattern = bar < 0 ? null : rest.substring(bar + 3).strip();
            String word = line.substring(0, blank);
            Pattern right = pattern == null || word.equals("sign") ? null : Pattern.compile(pattern);
            switch (word) {
                case "starts" -> program = Pattern.compile("(?:\\S*/)?(?:" + rest + ")(?:\\s.*)?");
                case "sign" -> {
                    sign = left;
                    signPattern = pattern;
                }
                case "host" -> host = List.of(rest.split(" "));
                case "comment" -> comment = rest;
                case "option" -> voices.add(new Voice.Option(List.of(rest.split(" "))));
                case "variable" -> voices.add(new Voice.Variable(List.of(rest.split(" "))));
                case "file" -> voices.add(new Voice.Said(left, needed(right, line), false));
                case "shipped" -> voices.add(new Voice.Said(left, needed(right, line), true));
                case "open" -> voices.add(new Voice.Open(left, needed(right, line)));
                case "needs" -> voices.add(new Voice.Needs(left, needed(right, line)));
                case "moved" -> voices.add(new Voice.Moved(Pattern.compile(rest)));
                case "runs" -> voices.add(new Voice.Runs(rest));
                case "default" -> voices.add(standard(left, right));
                default -> throw new IllegalStateException(line + " is no line of " + TABLE);
            }
        }
        frameworks.add(new Framework(
                block.getFirst().substring(1, block.getFirst().length() - 1),
                program,
                sign,
                signPattern,
                host,
                comment,
                List.copyOf(voices)));
    }

    private static Voice standard(String words, @Nullable Pattern image) {
        String[] parts = words.split(" ");
        return new Voice.Standard(Integer.parseInt(parts[0]), image, parts.length > 1 ? parts[1] : null);
    }

    private static Pattern needed(@Nullable Pattern pattern, String line) {
        if (pattern == null) {
            throw new IllegalStateException(line + " has no pattern");
        }
        return pattern;
    }
}
