package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which files of the tree lie in a container, where the loopback is the container's own. For one thread. */
final class ContainerFiles {
    private static final int LARGEST = 256 * 1024;

    private final ScannedTree tree;
    private final List<ComposeFile> composeFiles;
    private final List<Dockerfile> dockerfiles;
    /** Their texts, read when first needed: most trees have no file of which it is asked. */
    private @Nullable List<String> copies;

    private final Map<String, Boolean> held = new HashMap<>();

    ContainerFiles(ScannedTree tree, List<ComposeFile> composeFiles, List<Dockerfile> dockerfiles) {
        this.tree = tree;
        this.composeFiles = composeFiles;
        this.dockerfiles = List.copyOf(dockerfiles);
    }

    /** True where a service mounts it or an image may copy it. */
    boolean holds(String file) {
        return held.computeIfAbsent(file, this::isHeld);
    }

    private List<String> copies() {
        List<String> texts = copies;
        if (texts == null) {
            texts = new ArrayList<>();
            for (Dockerfile dockerfile : dockerfiles) {
                texts.add(
                        tree.read(dockerfile.rootPath(), LARGEST) instanceof Content.Text(String text, String digest)
                                ? text
                                : "");
            }
            copies = texts;
        }
        return texts;
    }

    private boolean isHeld(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        String folder = HostProcessReader.folder(file);
        String last = folder.substring(folder.lastIndexOf('/') + 1);
        for (String dockerfile : copies()) {
            if (dockerfile.contains(name)
                    || (!last.isEmpty() && dockerfile.contains(last + "/") && dockerfile.contains("/etc/nginx"))) {
                return true;
            }
        }
        for (ComposeFile compose : composeFiles) {
            if (compose.services().stream().anyMatch(service -> mounts(service, file))
                    || (compose.directory().equals(folder)
                            && tree.read(compose.rootPath(), LARGEST) instanceof Content.Text(String text, String d)
                            && text.contains(name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean mounts(ComposeFile.Service service, String file) {
        for (ComposeFile.Mount mount : service.mounts()) {
            String place = mount.sourceInTree();
            if (place != null
                    && !place.isEmpty()
                    && (place.equals(file) || ContainerPath.below("/" + place, "/" + file) != null)) {
                return true;
            }
        }
        return false;
    }
}
