package dev.panoptes.server.detections;

import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.Problem;
import dev.panoptes.detection.sigma.RuleFiles;
import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.detection.sigma.RuleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules that ship and those in {@code rules.d}, which are read again when they change. A file that breaks is told and goes on as it
 * was when it was last whole; where the folder cannot be read all rules do. Thread-safe.
 */
final class LoadedRules {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedRules.class);

    private static final Duration REVIEW = Duration.ofSeconds(15);
    /** What no folder looks like, so that one that could not be read is read again though nothing in it changed. */
    private static final List<String> UNREAD = List.of("");

    private final Path directory;
    private final InstantSource clock;
    private final AtomicReference<Instant> reviewed;
    private final AtomicReference<Loaded> loaded;

    /**
     * What was read.
     *
     * @param rules with the problems of the files as they are now
     * @param texts file -> the text that is run
     * @param whole those of the texts in which nothing is broken
     */
    record Loaded(RuleSet rules, Map<String, String> texts, Map<String, String> whole, List<String> signature) {}

    /** @param directory need not be there */
    LoadedRules(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
        this.reviewed = new AtomicReference<>(clock.instant());
        List<String> now = Objects.requireNonNullElse(signature(), List.of());
        RuleFiles.Found found = found(now);
        this.loaded = new AtomicReference<>(loaded(found == null ? UNREAD : now, found, Map.of()));
    }

    /** They, with their texts. */
    Loaded all() {
        rules();
        return loaded.get();
    }

    /** The cases beside a rule's file; null where there are none. */
    @Nullable
    RuleText cases(String file) {
        RuleText own = OwnRules.cases(file);
        Path beside = Path.of(file.replaceFirst("\\.ya?ml$", ".cases.yml"));
        if (own != null || !beside.startsWith(directory)) {
            return own;
        }
        try {
            return Files.isRegularFile(beside) ? new RuleText(beside.toString(), Files.readString(beside)) : null;
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("file", beside).log("cases cannot be read");
            return null;
        }
    }

    /** They; read again where a file came, went or changed since they were last looked at, at most every few seconds. */
    RuleSet rules() {
        Instant before = reviewed.get();
        Instant now = clock.instant();
        if (now.isAfter(before.plus(REVIEW)) && reviewed.compareAndSet(before, now)) {
            review();
        }
        return loaded.get().rules();
    }

    private void review() {
        List<String> now = signature();
        Loaded before = loaded.get();
        if (now == null || now.equals(before.signature())) {
            return;
        }
        RuleFiles.Found found = found(now);
        if (found != null) {
            loaded.set(loaded(now, found, before.whole()));
        }
    }

    /** Null where they cannot be read, which is told. */
    private RuleFiles.@Nullable Found found(List<String> signature) {
        if (signature.isEmpty()) {
            return OwnRules.read();
        }
        try {
            return OwnRules.read().plus(RuleFiles.read(directory));
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("directory", directory).log("rules cannot be read");
            return null;
        }
    }

    /** @param found null where only the rules that ship can be read */
    private static Loaded loaded(List<String> signature, RuleFiles.@Nullable Found found, Map<String, String> earlier) {
        RuleFiles.Found now = found == null ? OwnRules.read() : found;
        RuleSet rules = RuleSet.of(now);
        rules.problems()
                .forEach(problem ->
                        LOG.atWarn().addKeyValue("problem", problem.text()).log("a rule is broken"));
        Set<String> broken = files(rules.problems());
        Set<String> kept = broken.stream().filter(earlier::containsKey).collect(Collectors.toSet());
        if (!kept.isEmpty()) {
            now = new RuleFiles.Found(
                    now.rules().stream()
                            .map(text -> kept.contains(text.file())
                                    ? new RuleText(text.file(), Objects.requireNonNull(earlier.get(text.file())))
                                    : text)
                            .toList(),
                    now.placeholders());
            List<Problem> told = rules.problems().stream()
                    .map(problem -> kept.contains(problem.file())
                            ? new Problem(
                                    problem.file(), problem.line(), problem.reason() + "; it goes on as it was before")
                            : problem)
                    .toList();
            rules = RuleSet.of(now);
            broken = files(rules.problems());
            rules = rules.telling(told);
        }
        Map<String, String> texts = new HashMap<>();
        now.rules().forEach(text -> texts.put(text.file(), text.text()));
        Map<String, String> whole = new HashMap<>(texts);
        whole.keySet().removeAll(broken);
        return new Loaded(rules, texts, whole, signature);
    }

    private static Set<String> files(List<Problem> problems) {
        return problems.stream().map(Problem::file).collect(Collectors.toSet());
    }

    /** Null where the folder cannot be listed, which is told. */
    private @Nullable List<String> signature() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> {
                        try {
                            return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
                        } catch (IOException e) {
                            // It went away meanwhile: the next review sees that.
                            return file + " gone";
                        }
                    })
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().setCause(e).addKeyValue("directory", directory).log("rules cannot be listed");
            return null;
        }
    }
}
