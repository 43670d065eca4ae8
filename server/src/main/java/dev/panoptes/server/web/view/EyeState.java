package dev.panoptes.server.web.view;

/** How an agent is, as its eye shows it: a shape, a colour and a word. The worst first. */
public enum EyeState {
    WRONG("crit", "Wrong identity", "Wrong id"),
    CONFLICT("conf", "Port conflict", "Conflict"),
    MISSING("off", "Missing", "Missing"),
    DEGRADED("deg", "Degraded", "Degraded"),
    UNSEEN("unk", "Not seen", "Not seen"),
    PENDING("pend", "Not enrolled", "Pending"),
    HEALTHY("ok", "Healthy", "Healthy");

    private final String id;
    private final String word;
    private final String brief;

    EyeState(String id, String word, String brief) {
        this.id = id;
        this.word = word;
        this.brief = brief;
    }

    /** In style sheet, address and script. */
    public String id() {
        return id;
    }

    public String word() {
        return word;
    }

    public String brief() {
        return brief;
    }
}
