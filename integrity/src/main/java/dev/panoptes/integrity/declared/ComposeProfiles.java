package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.ComposeFile.Refusal;
import dev.panoptes.integrity.declared.ComposeFile.RefusalKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * With which profiles a Makefile, script or README starts a compose file, and what compose refuses then: a dependency whose profile
 * is always passed is active, one of another profile than those that are passed is not (Compose Specification, "profiles").
 */
final class ComposeProfiles {
    private static final int LARGEST_BYTES = 1 << 18;
    private static final int MOST_FILES = 2_000;
    private static final int MOST_STARTS = 2_000;
    private static final int LONGEST_LINE = 4_000;
    private static final String COMPOSE = "(?:docker[ -]compose|podman[ -]compose|nerdctl compose)";
    private static final Pattern DEFINED =
            Pattern.compile("^\\s*(?:export\\s+|readonly\\s+|local\\s+)?(\\w{1,64})\\s*[:?]?=\\s*(\"?)(" + COMPOSE
                    + "\\b[^\"#]{0,400})\\2.*");
    private static final Pattern UP =
            Pattern.compile(COMPOSE + "\\b([^|;&#`]{0,400}?)\\s(?:up|start)\\b([^|;&#`>)]{0,200})");
    private static final Pattern PROFILE = Pattern.compile("--profile[ =]\\s*[\"']?([^\\s\"']{1,100})");
    private static final Pattern VARIABLE =
            Pattern.compile("\\bCOMPOSE_PROFILES\\s*[:?]?=\\s*[\"']?([^\\s\"';&|]{0,200})");
    private static final Pattern FILE = Pattern.compile("(?:-f|--file)[ =]\\s*\"?([\\w./@-]{1,200})");
    private static final Pattern CHANGE = Pattern.compile("(?:^|&&|;|\\(|\\s)cd\\s+\"?([\\w./@-]{1,200})");

    /**
     * One command that starts all services of its files.
     *
     * @param open true where a profile that it passes is computed
     */
    private record Start(Set<String> files, Set<String> profiles, boolean open) {}

    private final ScannedTree tree;
    private final List<Start> starts = new ArrayList<>();

    private ComposeProfiles(ScannedTree tree) {
        this.tree = tree;
    }

    /** The files with what is refused of them as they are started. */
    static List<ComposeFile> judged(ScannedTree tree, List<DeclarationFiles.Found> starters, List<ComposeFile> files)
            throws InterruptedException {
        boolean matters = files.stream()
                .anyMatch(file -> file.project().refusals().stream().anyMatch(ComposeProfiles::byProfile));
        if (!matters) {
            return files;
        }
        ComposeProfiles profiles = new ComposeProfiles(tree);
        int read = 0;
        for (DeclarationFiles.Found found : starters) {
            if (Thread.interrupted()) {
                throw new InterruptedException(
                        "interrupted while reading with which profiles compose files are started");
            }
            if (ComposeStarts.isCalledSo(found.name().toLowerCase(Locale.ROOT))
                    && !found.link()
                    && read++ < MOST_FILES
                    && tree.read(found.rootPath(), LARGEST_BYTES) instanceof Content.Text(String text, String digest)
                    && text.contains("compose")) {
                profiles.read(found.rootPath(), text);
            }
        }
        return files.stream().map(profiles::with).toList();
    }

    private static boolean byProfile(Refusal refusal) {
        return refusal.kind() == RefusalKind.INACTIVE || refusal.kind() == RefusalKind.OTHER_PROFILE;
    }

    private ComposeFile with(ComposeFile file) {
        List<Refusal> kept = new ArrayList<>();
        for (Refusal refusal : file.project().refusals()) {
            if (!byProfile(refusal) || isRefused(file, refusal)) {
                kept.add(refusal);
            }
        }
        return kept.size() == file.project().refusals().size() ? file : file.refusing(kept);
    }

    private boolean isRefused(ComposeFile file, Refusal refusal) {
        List<Start> own = starts.stream()
                .filter(start -> start.files().contains(file.rootPath()))
                .toList();
        if (own.isEmpty() && refusal.kind() == RefusalKind.INACTIVE) {
            return true;
        }
        Set<String> wanted = profiles(file, refusal.name(), false);
        Set<String> asking = profiles(file, refusal.service(), true);
        return own.stream()
                .anyMatch(start -> !start.open() && active(start, file, asking) && !active(start, file, wanted));
    }

    private static boolean active(Start start, ComposeFile file, Set<String> profiles) {
        Set<String> passed = new HashSet<>(start.profiles());
        if (passed.isEmpty()) {
            passed.addAll(file.project().activeProfiles());
        }
        return profiles.isEmpty() || passed.contains("*") || !Collections.disjoint(passed, profiles);
    }

    private static Set<String> profiles(ComposeFile file, String name, boolean id) {
        return file.services().stream()
                .filter(service -> (id ? service.id() : service.name()).equals(name))
                .findFirst()
                .map(service -> Set.copyOf(service.profiles()))
                .orElse(Set.of());
    }

    private void read(String file, String text) {
        Map<String, String> commands = new HashMap<>();
        Set<String> exported = new HashSet<>();
        String here = HostProcessReader.folder(file);
        for (String raw : Lines.of(text.replace("\\\n", " "))) {
            if (raw.length() > LONGEST_LINE || raw.strip().startsWith("#")) {
                continue;
            }
            Matcher defined = DEFINED.matcher(raw);
            if (defined.matches()) {
                commands.put(defined.group(1), defined.group(3).strip());
                continue;
            }
            String line = raw;
            for (Map.Entry<String, String> each : commands.entrySet()) {
                line = line.replace("$(" + each.getKey() + ")", each.getValue())
                        .replace("${" + each.getKey() + "}", each.getValue())
                        .replaceAll("\\$" + each.getKey() + "\\b", Matcher.quoteReplacement(each.getValue()));
            }
            Matcher set = VARIABLE.matcher(line);
            Set<String> passed = new HashSet<>(exported);
            if (set.find()) {
                Set<String> said = Set.of(set.group(1).split(","));
                passed.addAll(said);
                if (!line.contains("compose up") && !UP.matcher(line).find()) {
                    exported.addAll(said);
                    continue;
                }
            }
            starts(line, here, passed);
        }
    }

    private void starts(String line, String here, Set<String> passed) {
        Matcher up = UP.matcher(line);
        Matcher change = CHANGE.matcher(line);
        String directory = change.find() ? HostProcessReader.below(here, change.group(1)) : here;
        while (up.find() && directory != null && starts.size() < MOST_STARTS) {
            boolean some = false;
            for (String word : up.group(2).strip().split("\\s+")) {
                some |= !word.isEmpty() && !word.startsWith("-") && !word.matches("[\"'`).,:]*");
            }
            if (some) {
                // Only the services that it names are started.
                continue;
            }
            Set<String> profiles = new HashSet<>(passed);
            Matcher option = PROFILE.matcher(up.group(1) + " " + up.group(2));
            while (option.find()) {
                profiles.add(option.group(1));
            }
            boolean open = profiles.stream().anyMatch(each -> each.indexOf('$') >= 0 || each.indexOf('<') >= 0)
                    || up.group(1).contains("$");
            starts.add(new Start(files(up.group(1), directory), profiles, open));
        }
    }

    private Set<String> files(String options, String directory) {
        Set<String> files = new HashSet<>();
        Matcher named = FILE.matcher(options);
        while (named.find()) {
            String path = HostProcessReader.below(directory, named.group(1));
            if (path != null) {
                files.add(path);
            }
        }
        if (files.isEmpty()) {
            ComposeStarts.STANDARD.stream()
                    .map(name -> PathNames.join(directory, name))
                    .filter(path -> tree.look(path) instanceof ScannedTree.Place.Here here && here.regular())
                    .findFirst()
                    .ifPresent(files::add);
        }
        return files;
    }
}
