/** How soon a campaign is to end: when it is done; after the sequences in progress; with what there is now. */
export type Haste = 'none' | 'soon' | 'at once';
