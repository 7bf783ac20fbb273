/** What pdfkit 0.20 takes and its published types leave out. */
declare namespace PDFKit.Mixins {
  interface PDFAttachmentOptions {
    /** Of the file to the document, after PDF/A-3. */
    relationship?: 'Alternative' | 'Data' | 'Source' | 'Supplement' | 'Unspecified';
  }
  interface StructureElementOptions {
    /** Of a header cell. */
    scope?: 'Column' | 'Row';
    /** Of a figure: left, top, right, bottom from the upper left corner. */
    bbox?: [number, number, number, number];
  }
}
