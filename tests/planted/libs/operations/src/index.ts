export * from '@magasin/hosting';
