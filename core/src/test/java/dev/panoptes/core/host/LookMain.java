package dev.panoptes.core.host;

/** Prints what the user who runs it can see of a port. */
final class LookMain {
    private LookMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (Host.live().listeners() instanceof Listeners.Seen seen) {
            System.out.println(seen.ownersHidden());
            seen.sockets().stream()
                    .filter(owned -> owned.socket().port() == Integer.parseInt(arguments[0]))
                    .forEach(owned -> System.out.println(owned.owners() + " " + owned.ownerUnknown()));
        }
    }
}
