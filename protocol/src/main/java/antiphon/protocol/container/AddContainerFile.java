package antiphon.protocol.container;

import antiphon.protocol.json.Required;

/**
 * A request to copy a file into a container.
 *
 * @param fileId an uploaded file
 */
public record AddContainerFile(@Required String fileId) {}
