package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Variables of the environment that something of the tree sets, so that what a program takes without them does not count.
 *
 * @param inFiles those of environment files, which fill in what other files leave open
 */
record GivenVariables(Set<String> anywhere, Set<String> inFiles) {
    private static final int LARGEST = 64 * 1024;
    private static final int MOST = 20_000;

    static GivenVariables of(
            ScannedTree tree,
            DeclarationFiles files,
            List<ComposeFile> composeFiles,
            List<UnitFile> units,
            List<Dockerfile> dockerfiles,
            Manifests manifests) {
        Set<String> given = new HashSet<>();
        for (ComposeFile file : composeFiles) {
            file.services().forEach(service -> add(service, given));
        }
        units.forEach(unit -> given.addAll(unit.environment().keySet()));
        for (Dockerfile dockerfile : dockerfiles) {
            for (Dockerfile.Stage stage : dockerfile.stages()) {
                given.addAll(stage.environment().keySet());
                given.addAll(stage.unclear());
            }
        }
        for (Manifests.ManifestSet set : manifests.sets()) {
            for (Manifests.Workload workload : set.workloads()) {
                workload.containers().forEach(container -> add(container.runs(), given));
            }
        }
        Set<String> inFiles = new HashSet<>();
        Stream.concat(files.environments().stream(), files.settings().stream())
                .filter(file -> SettingsFiles.isEnvironment(file.name().toLowerCase(Locale.ROOT)))
                .limit(MOST)
                .forEach(file -> {
                    String text = tree.text(file.targetPath(), LARGEST);
                    if (text != null) {
                        inFiles.addAll(EnvironmentFile.parse(text).keySet());
                    }
                });
        given.addAll(inFiles);
        return new GivenVariables(given, inFiles);
    }

    private static void add(ComposeFile.Service service, Set<String> given) {
        given.addAll(service.environment().known().keySet());
        given.addAll(service.environment().unclear());
    }
}
