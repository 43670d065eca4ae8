package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import java.util.ArrayList;
import java.util.List;

/** Which files of the tree lie in a container, where the loopback is the container's own. */
final class ContainerFiles {
    private static final int LARGEST = 256 * 1024;

    private final ScannedTree tree;
    private final List<ComposeFile> composeFiles;
    private final List<String> dockerfiles = new ArrayList<>();

    ContainerFiles(ScannedTree tree, List<ComposeFile> composeFiles, List<Dockerfile> dockerfiles) {
        this.tree = tree;
        this.composeFiles = composeFiles;
        for (Dockerfile dockerfile : dockerfiles) {
            this.dockerfiles.add(
                    tree.read(dockerfile.rootPath(), LARGEST) instanceof Content.Text(String copies, String digest)
                            ? copies
                            : "");
        }
    }

    /** True where a service mounts it or an image may copy it. */
    boolean holds(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        String folder = HostProcessReader.folder(file);
        String last = folder.substring(folder.lastIndexOf('/') + 1);
        for (String dockerfile : dockerfiles) {
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
