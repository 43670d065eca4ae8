package dev.panoptes.integrity.declared;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which image of a manifest is built from the tree: a compose service builds it, or a Dockerfile lies in a folder called like it. */
final class PodImages {
    /**
     * @param doubt why it may be another image, a clause; null where a compose file says that it is built here
     */
    record Built(ComposeFile.Build build, @Nullable String doubt) {}

    private final Map<String, Built> composed = new HashMap<>();
    private final Map<String, List<Dockerfile>> folders = new HashMap<>();

    PodImages(List<ComposeFile> composeFiles, List<Dockerfile> dockerfiles) {
        for (ComposeFile file : composeFiles) {
            for (ComposeFile.Service service : file.services()) {
                if (service.image() != null && service.build() != null) {
                    composed.putIfAbsent(service.image(), new Built(service.build(), null));
                }
            }
        }
        for (Dockerfile dockerfile : dockerfiles) {
            String folder = dockerfile.directory();
            String name = folder.substring(folder.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
            if (!name.isEmpty()) {
                folders.merge(
                        name,
                        List.of(dockerfile),
                        (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream())
                                .toList());
            }
        }
    }

    /** @return null where nothing of the tree is it, or several may be */
    @Nullable
    Built of(@Nullable String image) {
        if (image == null || ManifestYaml.isPlaceholder(image)) {
            return null;
        }
        Built built = composed.get(image);
        if (built != null) {
            return built;
        }
        String name = image.replaceFirst("@.*$", "");
        name = name.substring(name.lastIndexOf('/') + 1)
                .replaceFirst(":.*$", "")
                .toLowerCase(Locale.ROOT);
        List<Dockerfile> called = folders.getOrDefault(name, List.of());
        if (called.size() != 1) {
            return null;
        }
        String file = called.getFirst().rootPath();
        return new Built(
                ComposeFile.Build.of(file, 1, ".", file.substring(file.lastIndexOf('/') + 1)),
                "its image is taken for that of " + file + " by its name");
    }
}
