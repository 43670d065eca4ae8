package dev.panoptes.cli.server;

/** The contract on its own database. */
class EmbeddedContractTest extends Contract {
    EmbeddedContractTest() {
        super(On.EMBEDDED);
    }
}
