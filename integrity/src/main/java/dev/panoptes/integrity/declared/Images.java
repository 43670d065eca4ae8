package dev.panoptes.integrity.declared;

/**
 * What is known of the images and containers of a tree, found out once for all checks of a scan. Safe for use by several
 * threads.
 */
public final class Images {
    private final BuildContexts contexts;
    private final DockerfileModules modules;
    private final ContainerPorts containers;
    private final PodPorts pods;

    Images(Declarations declarations) {
        this.contexts = new BuildContexts(declarations);
        this.modules = new DockerfileModules(declarations, contexts);
        this.containers = new ContainerPorts(declarations, modules);
        this.pods = new PodPorts(containers);
    }

    /** What Dockerfiles are built from. */
    public BuildContexts contexts() {
        return contexts;
    }

    /** Which modules they start. */
    public DockerfileModules modules() {
        return modules;
    }

    /** On which ports the containers of services listen. */
    public ContainerPorts containers() {
        return containers;
    }

    /** On which ports the containers of pods listen. */
    public PodPorts pods() {
        return pods;
    }
}
