package dev.panoptes.server.detections;

import dev.panoptes.detection.sigma.OwnRules;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules that ship and those in {@code rules.d}, which are read again when they change. Thread-safe. */
final class LoadedRules {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedRules.class);

    private static final Duration REVIEW = Duration.ofSeconds(15);

    private final Path directory;
    private final InstantSource clock;
    private final AtomicReference<Instant> reviewed;
    private final AtomicReference<Loaded> loaded;

    /**
     * What was read.
     *
     * @param texts file -> its text
     */
    record Loaded(RuleSet rules, Map<String, String> texts, List<String> signature) {}

    /** @param directory need not be there */
    LoadedRules(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
        this.reviewed = new AtomicReference<>(clock.instant());
        this.loaded = new AtomicReference<>(load(signature()));
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
        if (!now.equals(loaded.get().signature())) {
            loaded.set(load(now));
        }
    }

    private Loaded load(List<String> signature) {
        RuleFiles.Found found = OwnRules.read();
        if (!signature.isEmpty()) {
            try {
                found = found.plus(RuleFiles.read(directory));
            } catch (IOException e) {
                LOG.atWarn().setCause(e).addKeyValue("directory", directory).log("rules cannot be read");
            }
        }
        RuleSet rules = RuleSet.of(found);
        rules.problems()
                .forEach(problem ->
                        LOG.atWarn().addKeyValue("problem", problem.text()).log("a rule is broken"));
        Map<String, String> texts = new HashMap<>();
        found.rules().forEach(text -> texts.put(text.file(), text.text()));
        return new Loaded(rules, texts, signature);
    }

    private List<String> signature() {
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
            return List.of();
        }
    }
}
