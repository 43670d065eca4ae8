package dev.panoptes.integrity.verdict;

/**
 * The counts of a scan and what they make. {@code passed + failed + unknown = total}; waived issues count for none.
 */
public record Score(int passed, int failed, int unknown) {
    public int total() {
        return passed + failed + unknown;
    }

    /** True where something was judged: else there is no score. */
    public boolean judged() {
        return passed + failed > 0;
    }

    /**
     * {@code 100 * passed / (passed + failed)} to one decimal. 100 where nothing was judged, which {@link #judged} tells
     * apart: reports then give no score.
     */
    public double health() {
        int judged = passed + failed;
        return judged == 0 ? 100.0 : Math.round(1000.0 * passed / judged) / 10.0;
    }

    /** The share of subjects that could be judged, in percent to one decimal; 0 where there were none. */
    public double coverage() {
        return total() == 0 ? 0.0 : Math.round(1000.0 * (passed + failed) / total()) / 10.0;
    }
}
