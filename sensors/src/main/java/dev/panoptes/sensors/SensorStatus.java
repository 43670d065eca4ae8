package dev.panoptes.sensors;

/** What a sensor can see on this host. Less than everything never looks like "all quiet". */
public sealed interface SensorStatus {
    /** {@code permitted}, {@code degraded} or {@code unsupported}. */
    String word();

    /** It sees all it is made for. */
    record Permitted() implements SensorStatus {
        @Override
        public String word() {
            return "permitted";
        }
    }

    /**
     * It sees a part.
     *
     * @param reason what it does not see, and why
     * @param mend what would change that
     */
    record Degraded(String reason, String mend) implements SensorStatus {
        @Override
        public String word() {
            return "degraded";
        }
    }

    /** It sees nothing here. */
    record Unsupported(String reason) implements SensorStatus {
        @Override
        public String word() {
            return "unsupported";
        }
    }
}
