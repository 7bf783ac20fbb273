import { PROFILE, XML_NAME } from '../domain/billing/document/machine-readable.ts';

/**
 * What the file says of itself in XMP besides PDF/A-3: that it is tagged after PDF/UA-1, and which invoice it carries
 * (Factur-X 1.0, 6.2.2). PDF/A-3 wants properties it does not know described in the file (ISO 19005-3, 6.6.2.3).
 */
export function claims(carriesInvoice: boolean): string {
  const schemas = [UA_SCHEMA, ...(carriesInvoice ? [FACTURX_SCHEMA] : [])].join('\n');
  return `${UA}${carriesInvoice ? FACTURX : ''}
        <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
            <pdfaExtension:schemas><rdf:Bag>
${schemas}
            </rdf:Bag></pdfaExtension:schemas>
        </rdf:Description>`;
}

const UA = `
        <rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
            <pdfuaid:part>1</pdfuaid:part>
        </rdf:Description>`;

const FACTURX = `
        <rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
            <fx:DocumentType>INVOICE</fx:DocumentType>
            <fx:DocumentFileName>${XML_NAME}</fx:DocumentFileName>
            <fx:Version>1.0</fx:Version>
            <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
        </rdf:Description>`;

const UA_SCHEMA = schema('PDF/UA identification schema', 'http://www.aiim.org/pdfua/ns/id/', 'pdfuaid', [
  ['part', 'Integer', 'internal', 'Part of ISO 14289'],
]);

const FACTURX_SCHEMA = schema(
  'Factur-X PDFA Extension Schema',
  'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#',
  'fx',
  [
    ['DocumentFileName', 'Text', 'external', 'Name of the embedded XML invoice file'],
    ['DocumentType', 'Text', 'external', 'INVOICE'],
    ['Version', 'Text', 'external', `Version of the schema of ${PROFILE}`],
    ['ConformanceLevel', 'Text', 'external', 'Conformance level of the embedded data'],
  ],
);

function schema(
  name: string,
  uri: string,
  prefix: string,
  properties: readonly (readonly [string, string, string, string])[],
): string {
  const items = properties.map(
    ([property, type, category, words]) =>
      `<rdf:li rdf:parseType="Resource"><pdfaProperty:name>${property}</pdfaProperty:name><pdfaProperty:valueType>${type}</pdfaProperty:valueType><pdfaProperty:category>${category}</pdfaProperty:category><pdfaProperty:description>${words}</pdfaProperty:description></rdf:li>`,
  );
  return `            <rdf:li rdf:parseType="Resource"><pdfaSchema:schema>${name}</pdfaSchema:schema><pdfaSchema:namespaceURI>${uri}</pdfaSchema:namespaceURI><pdfaSchema:prefix>${prefix}</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>${items.join('')}</rdf:Seq></pdfaSchema:property></rdf:li>`;
}
